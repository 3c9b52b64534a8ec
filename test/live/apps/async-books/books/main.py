import uvicorn
from fastapi import FastAPI
from sqlalchemy import func, select

from books.database import Session
from books.models import Book

app = FastAPI(title="Books")


@app.get("/health")
async def health():
    async with Session() as session:
        return {"status": "ok", "books": await session.scalar(select(func.count(Book.id)))}


if __name__ == "__main__":
    uvicorn.run("books.main:app", host="127.0.0.1", port=8080, reload=True)
