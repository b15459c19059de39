"""What simulated people say, by queue. Invented, and plain enough not to be taken for somebody's words."""

from dataclasses import dataclass

FIRST_NAMES = [
    "Claire",
    "Thomas",
    "Nadia",
    "Jean-Marc",
    "Paul",
    "Élodie",
    "Farid",
    "Lucie",
    "Marc",
    "Sonia",
    "Hugo",
    "Rosa",
]
LAST_NAMES = ["Vasseur", "Berthelot", "Ferhat", "Loubière", "Etcheverry", "Morin", "Diop", "Garcia", "Petit", "Almeida"]


@dataclass(frozen=True, slots=True)
class Matter:
    """What a customer wants: their lines in order, what an agent answers, and how such a contact may end."""

    queue: str
    customer: tuple[str, ...]
    agent: tuple[str, ...]
    ends: tuple[str, ...]


CHATS = {
    "maison-lavande": [
        Matter(
            "service-client",
            (
                "Bonjour, j’ai reçu le plaid Ardèche. L’étiquette dit M mais il est bien trop grand.",
                "C’est ça, je peux l’échanger ?",
                "Parfait, merci !",
            ),
            (
                "Bonjour {customer}, merci d’avoir écrit. Je regarde votre commande.",
                "Oui, l’échange part ce soir et le retour est à notre charge.",
            ),
            ("Échange organisé", "Suivi donné"),
        ),
        Matter(
            "service-client",
            ("Bonjour, où en est ma commande ?", "Elle arrivera avant samedi ?", "Très bien, bonne journée."),
            ("Bonjour {customer}, je consulte le transporteur.", "Elle est en tournée et arrive vendredi avant 13 h."),
            ("Suivi donné",),
        ),
        Matter(
            "service-client-portugal",
            ("Bom dia, a minha encomenda ainda não chegou.", "Obrigada, fico à espera."),
            ("Bom dia {customer}, vou verificar com a transportadora.", "Chega amanhã de manhã."),
            ("Suivi donné",),
        ),
        Matter(
            "ventes",
            ("Bonjour, la lampe Solal éclaire-t-elle assez pour lire ?", "Et elle existe en gris ?", "Je la prends."),
            (
                "Bonjour {customer}, oui : 800 lumens au réglage le plus fort.",
                "En écru et en gris, les deux sont en stock.",
            ),
            ("Vente conclue", "Conseil donné"),
        ),
        Matter(
            "apres-vente",
            ("La lampe clignote dès que je la touche.", "Depuis hier soir, oui.", "Merci de votre aide."),
            (
                "Bonjour {customer}, depuis quand clignote-t-elle ?",
                "C’est le variateur : je vous envoie la pièce 204, gratuitement.",
            ),
            ("Panne, pièce envoyée",),
        ),
    ],
    "assurance-mistral": [
        Matter(
            "contrats",
            ("Bonjour, il me faut une attestation d’habitation.", "Par e-mail, s’il vous plaît.", "Reçue, merci."),
            ("Bonjour {customer}, par e-mail ou par courrier ?", "C’est parti, elle arrive dans l’heure."),
            ("Attestation envoyée", "Avenant préparé"),
        ),
        Matter(
            "assistance",
            (
                "Ma voiture ne démarre plus, je suis au bord de la route.",
                "À la sortie de Tulle, je suis en sécurité.",
                "Merci, j’attends.",
            ),
            (
                "{customer}, êtes-vous en sécurité ? Où êtes-vous ?",
                "Un dépanneur est en route, il sera là dans 35 minutes.",
            ),
            ("Assistance envoyée", "Sinistre déclaré"),
        ),
    ],
}

MAILS = {
    "maison-lavande": [
        (
            "Facture de ma commande",
            "Bonjour,\n\nPouvez-vous m’envoyer la facture de ma dernière commande ?\n\nMerci d’avance",
            "Suivi donné",
        ),
        (
            "Retour d’un drap",
            "Bonjour,\n\nLe drap Vercors est plus foncé que sur la photo. Comment le renvoyer ?\n\nCordialement",
            "Échange organisé",
        ),
    ],
    "assurance-mistral": [
        (
            "Dégât des eaux : pièces",
            "Bonjour,\n\nVoici la description des dégâts dans la cuisine. Que faut-il encore ?\n\nCordialement",
            "Pièces demandées",
        ),
        (
            "Changement d’adresse",
            "Bonjour,\n\nNous déménageons le 1er du mois prochain. Merci de modifier le contrat.\n\nBien à vous",
            "Avenant préparé",
        ),
    ],
}

MAIL_ANSWER = (
    "Bonjour {customer},\n\nMerci de votre message. C’est fait de notre côté ; revenez vers nous si besoin.\n\n{agent}"
)
GOODBYE = "Je reste à votre disposition. Belle journée !"


def answers_for(opening: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What an agent answers to a customer's first line, and how such a contact ends."""
    for matters in CHATS.values():
        for matter in matters:
            if matter.customer[0] == opening:
                return matter.agent, matter.ends
    return ("Bonjour {customer}, je regarde cela avec vous.", "C’est noté, je m’en occupe."), ()


def addressed(line: str, *, customer: str, agent: str) -> str:
    """A line with the names in it; to a customer without a name it is said without one."""
    if not customer:
        line = line.replace(" {customer}", "").removeprefix("{customer}, ")
    return line.format(customer=customer.split(" ")[0], agent=agent)
