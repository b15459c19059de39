// Net income tables by status and date, from the rules that the French administration publishes (modele-social).
// Run: npm ci && npm run make. The output is committed: planning never calls Node.
import { readFileSync, writeFileSync } from 'node:fs'
import rules from 'modele-social'
import publicodes from 'publicodes'

const Engine = publicodes.default ?? publicodes
const silent = { log() {}, warn() {}, error() {} }
const engine = new Engine(rules, { logger: silent })
const version = JSON.parse(readFileSync('node_modules/modele-social/package.json')).version

const DATES = { '2026-01-01': '01/01/2026', '2026-07-01': '01/07/2026' }
const MICRO = {
  micro_bnc: { 'entreprise . activité . nature': "'libérale'" },
  micro_bic_services: {
    'entreprise . activité . nature': "'commerciale'",
    'entreprise . activités . service ou vente': "'service'",
  },
  micro_artisan: {
    'entreprise . activité . nature': "'artisanale'",
    'entreprise . activités . service ou vente': "'service'",
  },
}
const TURNOVER = [0, 250, 500, 1000, 1500, 2000, 2500, 3000, 4000, 5000, 6000]
const WEEKLY_HOURS = [5, 10, 15, 20, 24, 28, 32, 35]
const TIMES_MINIMUM = [1, 1.1, 1.25, 1.5, 1.75, 2, 2.5, 3]

const evaluate = (situation, name) => engine.setSituation(situation) && engine.evaluate(name)
const perMonth = (node) => (node.unit?.denominators?.includes('an') ? node.nodeValue / 12 : node.nodeValue)
const cents = (value) => Math.round(value * 100)

function micro(date, nature) {
  return TURNOVER.map((turnover) => {
    if (turnover === 0) return { gross: 0, net: 0, cost: 0 }
    const situation = {
      date,
      'entreprise . catégorie juridique': "'EI'",
      'entreprise . catégorie juridique . EI . auto-entrepreneur': 'oui',
      "dirigeant . auto-entrepreneur . chiffre d'affaires": `${turnover} €/mois`,
      ...nature,
    }
    const net = perMonth(evaluate(situation, 'dirigeant . auto-entrepreneur . revenu net'))
    return { gross: cents(turnover), net: cents(net), cost: cents(turnover) }
  })
}

function employee(date) {
  const minimum = evaluate({ date }, 'SMIC . horaire').nodeValue
  const rows = []
  for (const hours of WEEKLY_HOURS) {
    for (const times of TIMES_MINIMUM) {
      const gross = (minimum * times * hours * 52) / 12
      const situation = { date, 'salarié . contrat . salaire brut': `${gross} €/mois` }
      if (hours < 35) {
        situation['salarié . contrat . temps de travail . temps partiel'] = 'oui'
        situation['salarié . contrat . temps de travail . temps partiel . heures par semaine'] = `${hours} heure/semaine`
      }
      const net = evaluate(situation, 'salarié . rémunération . net . à payer avant impôt')
      const cost = evaluate(situation, 'salarié . coût total employeur')
      rows.push({ hours, gross: cents(gross), net: cents(perMonth(net)), cost: cents(perMonth(cost)) })
    }
  }
  return { minimum_hourly: cents(minimum), rows }
}

const tables = Object.entries(DATES).map(([since, date]) => ({
  since,
  micro: Object.fromEntries(Object.entries(MICRO).map(([name, nature]) => [name, micro(date, nature)])),
  employee: employee(date),
}))
const output = {
  about: 'Cents of euro a month, before income tax. Micro-entrepreneur without ACRE; employee without benefits, default rates.',
  source: `modele-social ${version} (https://mon-entreprise.urssaf.fr), MIT licence`,
  made: process.env.MADE_ON ?? new Date().toISOString().slice(0, 10),
  tables,
}
writeFileSync(process.argv[2], JSON.stringify(output, null, 1) + '\n')
