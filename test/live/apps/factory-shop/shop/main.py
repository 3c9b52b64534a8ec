import os

from fastapi import FastAPI
from sqlalchemy import func, select

from shop.database import Article, Base, Session, engine


def create_app() -> FastAPI:
    app = FastAPI(title=os.getenv("SHOP_NAME", "Shop"))
    Base.metadata.create_all(engine)

    @app.get("/healthz")
    def healthz():
        with Session() as session:
            return {"articles": session.scalar(select(func.count(Article.id)))}

    return app


if __name__ == "__main__":
    import uvicorn

    uvicorn.run("shop.main:create_app", factory=True, host="localhost", port=8001)
