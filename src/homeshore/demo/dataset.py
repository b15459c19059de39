"""Who and what is in the demonstration. All people, brands and amounts are invented."""

from dataclasses import dataclass, field

from django.conf import settings

PASSWORD: str = settings.DEMO_PASSWORD
"""Everybody's in the demonstration; the sign-in page shows it too."""
OPERATOR = ("Atelier des Lignes", "atelier-des-lignes")
DOMAIN = "atelier.example"

SKILLS = {
    "francais": "Français",
    "anglais": "Anglais",
    "portugais": "Portugais",
    "maison": "Maison et décoration",
    "assurance": "Assurance",
    "vente": "Conseil et vente",
    "technique": "Assistance technique",
}


@dataclass(frozen=True, slots=True)
class QueueData:
    """A queue: name, slug, channel, activity, needs by skill code, service level."""

    name: str
    slug: str
    channel: str
    activity: str
    needs: dict[str, int]
    target_seconds: int
    target_percent: int = 80
    disposition_required: bool = True


@dataclass(frozen=True, slots=True)
class BrandData:
    """A brand with its queues, how contacts end, ready answers, shared knowledge and rates (label, cents, queue, disposition)."""

    name: str
    slug: str
    sector: str
    accent: str
    mail: str
    queues: list[QueueData]
    dispositions: dict[str, list[tuple[str, str, bool]]]
    canned: list[tuple[str, str, str]]
    articles: list[tuple[str, str]]
    acts: list[tuple[str, int, str | None, str | None]]
    supplements: list[tuple[str, int, str | None]] = field(default_factory=list)


LAVANDE = BrandData(
    name="Maison Lavande",
    slug="maison-lavande",
    sector="retail",
    accent="#5b4b8a",
    mail="bonjour@lavande.example",
    queues=[
        QueueData("Service client", "service-client", "chat", "customer_service", {"francais": 3, "maison": 2}, 60),
        QueueData(
            "Service client Portugal", "service-client-portugal", "chat", "customer_service", {"portugais": 3}, 90
        ),
        QueueData("Ventes", "ventes", "chat", "sales", {"francais": 3, "vente": 2}, 40),
        QueueData("Après-vente", "apres-vente", "chat", "after_sales", {"francais": 3, "technique": 2}, 90),
        QueueData("Courriers", "courriers", "email", "customer_service", {"francais": 3, "maison": 1}, 14_400, 90),
        QueueData("Appels", "appels", "voice", "customer_service", {"francais": 3, "maison": 2}, 30),
    ],
    dispositions={
        "Commande": [
            ("suivi", "Suivi donné", True),
            ("echange", "Échange organisé", True),
            ("remboursement", "Remboursement accordé", True),
        ],
        "Produit": [
            ("conseil", "Conseil donné", True),
            ("vente", "Vente conclue", True),
            ("panne", "Panne, pièce envoyée", True),
        ],
        "Autre": [("rappel", "À reprendre plus tard", False), ("sans-objet", "Sans objet", True)],
    },
    canned=[
        ("bonjour", "Saluer", "Bonjour {customer}, je suis {agent}, de {brand}. Je regarde cela avec vous."),
        ("delai", "Délai d’un échange", "Un échange part sous 24 heures et arrive en 2 à 3 jours ouvrés."),
        ("retour", "Étiquette de retour", "Le retour est à notre charge : je vous envoie l’étiquette par e-mail."),
        ("merci", "Prendre congé", "Merci {customer}, je vous souhaite une belle journée."),
    ],
    articles=[
        (
            "Plaids Ardèche, lot 11-26",
            "Étiquettes M et L inversées. Échange sans frais ni retour préalable jusqu’au 15 décembre.",
        ),
        ("Lampe Solal", "Le clignotement vient du variateur. Proposer la pièce 204, envoyée gratuitement."),
    ],
    acts=[
        ("Acte tchat", 190, None, None),
        ("E-mail traité", 230, "courriers", None),
        ("Appel", 280, "appels", None),
        ("Vente conclue", 340, None, "vente"),
        ("Échange organisé", 220, None, "echange"),
        ("Sans objet", 60, None, "sans-objet"),
    ],
    supplements=[("Langue", 50, "service-client-portugal")],
)

MISTRAL = BrandData(
    name="Assurance Mistral",
    slug="assurance-mistral",
    sector="insurance",
    accent="#1f5f8b",
    mail="contact@mistral.example",
    queues=[
        QueueData("Contrats", "contrats", "chat", "customer_service", {"francais": 4, "assurance": 2}, 60),
        QueueData("Assistance", "assistance", "chat", "assistance", {"francais": 4, "assurance": 3}, 30, 90),
        QueueData(
            "Contrats, courriers", "contrats-courriers", "email", "customer_service", {"assurance": 2}, 28_800, 90
        ),
    ],
    dispositions={
        "Contrat": [
            ("attestation", "Attestation envoyée", True),
            ("avenant", "Avenant préparé", True),
            ("resiliation", "Résiliation enregistrée", True),
        ],
        "Sinistre": [
            ("declare", "Sinistre déclaré", True),
            ("pieces", "Pièces demandées", False),
            ("assiste", "Assistance envoyée", True),
        ],
        "Autre": [("sans-objet", "Sans objet", True)],
    },
    canned=[
        ("bonjour", "Saluer", "Bonjour {customer}, {agent} d’{brand}. En quoi puis-je vous aider ?"),
        ("attestation", "Attestation", "Votre attestation part par e-mail dans l’heure."),
        ("pieces", "Pièces d’un sinistre", "Il me faut des photos des dégâts et la facture, si vous l’avez."),
    ],
    articles=[("Dégâts des eaux", "Déclaration sous cinq jours ouvrés après la découverte, prévus au contrat type.")],
    acts=[
        ("Acte tchat", 210, None, None),
        ("E-mail traité", 260, "contrats-courriers", None),
        ("Sinistre déclaré", 310, None, "declare"),
        ("Assistance envoyée", 380, None, "assiste"),
        ("Sans objet", 60, None, "sans-objet"),
    ],
)

BRANDS = [LAVANDE, MISTRAL]


@dataclass(frozen=True, slots=True)
class AgentData:
    """An agent: names, status, town, levels by skill code, brands they work for; `simulated` ones play by themselves."""

    first_name: str
    last_name: str
    status: str
    town: str
    skills: dict[str, int]
    brands: tuple[str, ...]
    simulated: bool = True

    @property
    def email(self) -> str:
        """The address they sign in with."""
        plain = str.maketrans("éèêëàâîïôöûüçñÉÈ", "eeeeaaiioouucnEE")
        return f"{self.first_name}.{self.last_name}".translate(plain).replace(" ", "-").lower() + f"@{DOMAIN}"


BOTH, SHOP, INSURER = ("maison-lavande", "assurance-mistral"), ("maison-lavande",), ("assurance-mistral",)

AGENTS = [
    AgentData(
        "Inès",
        "Carvalho",
        "auto_entrepreneur",
        "Rodez",
        {"francais": 5, "portugais": 4, "maison": 4, "vente": 3, "technique": 2},
        BOTH,
        simulated=False,
    ),
    AgentData("Karim", "Haddad", "employee", "Guéret", {"francais": 5, "assurance": 4, "anglais": 3}, INSURER),
    AgentData("Maud", "Lefebvre", "portage", "Aurillac", {"francais": 5, "assurance": 3, "maison": 2}, BOTH),
    AgentData("Odile", "Rocher", "employee", "Mende", {"francais": 5, "assurance": 5}, INSURER),
    AgentData("Bastien", "Nguyen", "auto_entrepreneur", "Lannion", {"francais": 4, "technique": 4, "maison": 3}, SHOP),
    AgentData(
        "Samira", "Benali", "employee", "Roubaix", {"francais": 5, "assurance": 3, "vente": 3, "maison": 3}, BOTH
    ),
    AgentData("Lucas", "Fontaine", "auto_entrepreneur", "Vesoul", {"francais": 4, "vente": 4, "maison": 3}, SHOP),
    AgentData("Aïcha", "Diallo", "company", "Montluçon", {"francais": 5, "maison": 4, "technique": 3}, SHOP),
    AgentData("Yanis", "Brahimi", "auto_entrepreneur", "Foix", {"francais": 4, "assurance": 2}, INSURER),
    AgentData(
        "Nolwenn", "Le Goff", "employee", "Carhaix", {"francais": 5, "maison": 3, "vente": 2, "assurance": 2}, BOTH
    ),
    AgentData("Fanny", "Delorme", "portage", "Nevers", {"francais": 5, "maison": 5, "technique": 2}, SHOP),
    AgentData("Gilles", "Peyrat", "employee", "Tulle", {"francais": 4, "portugais": 3, "maison": 2}, SHOP),
]

SUPERVISOR = AgentData(
    "Hélène",
    "Marchand",
    "employee",
    "Limoges",
    {"francais": 5, "assurance": 4, "maison": 4, "vente": 4, "technique": 4},
    BOTH,
    simulated=False,
)
"""The supervisor, who may take contacts herself."""

PLANNER = ("Théo Garnier", f"theo.garnier@{DOMAIN}")
ADMIN = ("Agnès Roussel", f"agnes.roussel@{DOMAIN}")
BRAND_USERS = {
    "maison-lavande": ("Sophie Arnal", "sophie.arnal@lavande.example"),
    "assurance-mistral": ("Paul Vidal", "paul.vidal@mistral.example"),
}
