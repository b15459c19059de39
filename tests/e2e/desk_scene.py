"""A morning at a desk: two brands, an agent at home, colleagues, and customers who write by the public ways."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import uuid4

from homeshore.brands.models import Activity, Brand, Channel, Queue
from homeshore.brands.models.brand import Sector
from homeshore.contacts.services import CustomerFacts, NewAttachment, Received, receive_message
from homeshore.foundation import clock
from homeshore.foundation.models import Operator
from homeshore.people.models import Agent
from tests.factories import (
    AgentFactory,
    ArticleFactory,
    BrandFactory,
    CannedReplyFactory,
    DispositionFactory,
    FloorFactory,
    OperatorFactory,
    QueueFactory,
    RateCardFactory,
    SkillFactory,
    UserFactory,
)


@dataclass
class Scene:
    """Who is there; `agent` is the one whose desk is looked at."""

    operator: Operator
    agent: Agent
    colleague: Agent
    lavande: Brand
    mistral: Brand
    chat: Queue
    after_sales: Queue
    mail: Queue
    people: dict[str, str] = field(default_factory=dict)

    def writes(
        self,
        name: str,
        body: str,
        *,
        queue: Queue | None = None,
        subject: str = "",
        html: str = "",
        quoted: str = "",
        files: tuple[NewAttachment, ...] = (),
        typed_email: str = "",
        reply_to: str = "",
        now: datetime | None = None,
    ) -> Received:
        """A customer writes, in the thread they already have with that queue's brand."""
        queue = queue or self.chat
        thread = self.people.setdefault(f"{name}-{queue.pk}", uuid4().hex)
        email = "" if typed_email else f"{name.split()[0].lower()}@exemple.fr"
        return receive_message(
            queue_id=queue.pk,
            thread_key=thread,
            customer=CustomerFacts(name=name, email=email, typed_email=typed_email, language="fr"),
            body=body,
            html=html,
            quoted=quoted,
            reply_to=reply_to,
            subject=subject,
            client_id=uuid4().hex,
            attachments=files,
            now=now or clock.now(),
        )


def morning() -> Scene:
    """Everything that the desk may show, as of now."""
    now = clock.now()
    operator = OperatorFactory.create(name="Réseau Ouest")
    floor = FloorFactory.create(operator=operator)
    portuguese = SkillFactory.create(operator=operator, name="Portugais", code="pt")
    claims = SkillFactory.create(operator=operator, name="Sinistres habitation", code="claims")
    lavande = BrandFactory.create(operator=operator, name="Maison Lavande", slug="lavande", accent="#5f4791")
    mistral = BrandFactory.create(
        operator=operator, name="Assurance Mistral", slug="mistral", accent="#0b4a8f", sector=Sector.INSURANCE
    )
    chat = QueueFactory.create(brand=lavande, name="Service client Portugal", needs={portuguese: 3}, floor=floor)
    after_sales = QueueFactory.create(
        brand=lavande, name="Après-vente", activity=Activity.AFTER_SALES, wrap_up_seconds=60, floor=floor
    )
    mail = QueueFactory.create(
        brand=mistral, name="Sinistres", channel=Channel.EMAIL, target_seconds=7200, needs={claims: 2}, floor=floor
    )
    _say_what_brands_share(lavande, mistral, reviewed=now - timedelta(days=1))
    _say_how_contacts_end(lavande, mistral)
    for brand in (lavande, mistral):
        RateCardFactory.create(
            brand=brand,
            version=7,
            valid_from=now - timedelta(days=30),
            published_at=now - timedelta(days=31),
            rates=[
                {"label": "l’acte", "amount_cents": 190},
                {"label": "la langue", "amount_cents": 50, "kind": "supplement", "queue": chat},
            ]
            if brand is lavande
            else [{"label": "l’acte", "amount_cents": 310}],
        )
    agent = AgentFactory.create(
        operator=operator,
        user=UserFactory.create(name="Inês Carvalho", email=f"ines-{operator.pk}@example.org"),
        first_name="Inês",
        name="Inês Carvalho",
        skills={portuguese: 4, claims: 3},
        queues=[chat, after_sales, mail],
    )
    colleague = AgentFactory.create(operator=operator, first_name="Karim", name="Karim Haddad", queues=[after_sales])
    return Scene(operator, agent, colleague, lavande, mistral, chat, after_sales, mail)


def _say_what_brands_share(lavande: Brand, mistral: Brand, *, reviewed: datetime) -> None:
    editor = UserFactory.create(name="Sophie Arnal")
    ArticleFactory.create(
        brand=lavande,
        title="Plaids Ardèche, lot 11-26",
        body="Étiquettes M et L inversées. Échange sans frais ni retour préalable jusqu’au 15 décembre.",
        author=editor,
        updated_at=reviewed,
    )
    ArticleFactory.create(
        brand=mistral,
        title="Dégât des eaux : pièces à demander",
        body="Constat amiable, photos des dommages, facture de recherche de fuite.",
        updated_at=reviewed,
    )
    for shortcut, title, body in (
        ("bonjour", "Se présenter", "Bonjour {customer}, ici {agent} de {brand}."),
        ("delai", "Délai d’un échange", "L’échange part sous 24 heures et arrive en deux jours ouvrés."),
        ("retour", "Étiquette de retour", "Je vous envoie l’étiquette de retour par e-mail."),
        ("merci", "Prendre congé", "Merci {customer}, bonne journée."),
    ):
        CannedReplyFactory.create(brand=lavande, shortcut=shortcut, title=title, body=body)
    CannedReplyFactory.create(
        brand=mistral, shortcut="pieces", title="Pièces à fournir", body="Pouvez-vous nous envoyer le constat ?"
    )


def _say_how_contacts_end(lavande: Brand, mistral: Brand) -> None:
    exchange = DispositionFactory.create(brand=lavande, name="Échange", code="exchange", position=1)
    for position, name in enumerate(("Taille ou modèle", "Défaut constaté", "Changement d’avis")):
        DispositionFactory.create(
            brand=lavande, parent=exchange, name=name, code=f"exchange-{position}", position=position
        )
    DispositionFactory.create(brand=lavande, name="Remboursement", code="refund", position=2)
    DispositionFactory.create(brand=lavande, name="Autre demande", code="other", position=3)
    DispositionFactory.create(brand=mistral, name="Sinistre déclaré", code="declared", position=1)
