import os

from dotenv import load_dotenv

load_dotenv()

DATABASE_URL = os.getenv("DATABASE_URL")
SECRET_KEY = os.getenv("SECRET_KEY")
JWT_SECRET = os.getenv("JWT_SECRET")
OPENAI_API_KEY = os.getenv("OPENAI_API_KEY")
APP_ENV = os.getenv("APP_ENV", "production")
LOG_LEVEL = os.getenv("LOG_LEVEL", "INFO")
CORS_ALLOW_ORIGINS = os.getenv("CORS_ALLOW_ORIGINS", "")
CHROMA_DB_DIR = os.getenv("CHROMA_DB_DIR", "./chroma_store")
CHROMA_DB_DIR_LAWS = os.getenv("CHROMA_DB_DIR_LAWS", "./chroma_store_laws")
