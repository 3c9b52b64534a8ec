import os

import redis
import uvicorn
from fastapi import FastAPI

from mailer.tasks import send

app = FastAPI(title="Mailer")
store = redis.Redis.from_url(os.environ["REDIS_URL"])


@app.get("/health")
def health():
    return {"redis": store.ping()}


@app.get("/ready")
def ready():
    return {"worker": send.delay("nobody@example.com").get(timeout=10)}


if __name__ == "__main__":
    uvicorn.run("mailer.main:app", host="127.0.0.1", port=8000, reload=True)
