"""Konan : API de conversation."""
import os

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.config import CORS_ALLOW_ORIGINS, LOG_LEVEL
from app.routers import conversations

app = FastAPI(title="Konan")
app.add_middleware(
    CORSMiddleware,
    allow_origins=CORS_ALLOW_ORIGINS.split(","),
    allow_methods=["*"],
    allow_headers=["*"],
)
app.include_router(conversations.router)


@app.get("/health")
def health():
    return {"status": "ok", "log_level": LOG_LEVEL}


# =====================================================
# Lancement
# =====================================================
if __name__ == "__main__":
    import uvicorn
    uvicorn.run("app.main:app", host="192.168.0.133", port=8000, reload=True)
