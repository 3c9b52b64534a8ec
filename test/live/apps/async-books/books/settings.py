from pydantic_settings import BaseSettings


class Settings(BaseSettings):
    database_url: str = "postgresql+asyncpg://books:books@localhost:5432/books"
    log_level: str = "INFO"


settings = Settings()
