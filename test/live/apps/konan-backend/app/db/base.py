from app.database import Base

__all__ = ["Base"]
