"""The facts of the papers that are handed out, gathered from a dossier, a declined application or the register."""

from kiosk.services.papers.of_declined import paper_of_declined
from kiosk.services.papers.of_dossier import PAPERS, available_papers, paper_of_dossier
from kiosk.services.papers.register import register_of

__all__ = ["PAPERS", "available_papers", "paper_of_declined", "paper_of_dossier", "register_of"]
