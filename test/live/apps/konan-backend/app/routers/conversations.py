from fastapi import APIRouter, Depends
from sqlalchemy.orm import Session

from app.database import get_db
from app.models import Conversation
from app.security import make_token
from app.vectors import answer

router = APIRouter(prefix="/conversations")


@router.get("/{conversation_id}")
def read(conversation_id: int, db: Session = Depends(get_db)):
    return db.get(Conversation, conversation_id)


@router.post("/{conversation_id}/ask")
def ask(conversation_id: int, question: str):
    return {"answer": answer(question), "token": make_token(conversation_id)}
