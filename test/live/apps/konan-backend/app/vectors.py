import chromadb
from chromadb.config import Settings
from openai import OpenAI

from app.config import CHROMA_DB_DIR, CHROMA_DB_DIR_LAWS, OPENAI_API_KEY

quiet = Settings(anonymized_telemetry=False)
documents = chromadb.PersistentClient(path=CHROMA_DB_DIR, settings=quiet)
laws = chromadb.PersistentClient(path=CHROMA_DB_DIR_LAWS, settings=quiet)


def answer(question: str) -> str:
    client = OpenAI(api_key=OPENAI_API_KEY)
    reply = client.chat.completions.create(model="gpt-4o-mini", messages=[{"role": "user", "content": question}])
    return reply.choices[0].message.content or ""
