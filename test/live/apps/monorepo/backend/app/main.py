import uvicorn
from fastapi import FastAPI
from sqlalchemy import func, select

from app.database import Order, Session

app = FastAPI(title="Orders")


@app.get("/api/health")
def health():
    with Session() as session:
        return {"orders": session.scalar(select(func.count(Order.id)))}


if __name__ == "__main__":
    uvicorn.run(app, host="127.0.0.1", port=8000)
