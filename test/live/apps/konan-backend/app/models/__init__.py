from app.models.conversation import Conversation
from app.models.file_upload import FileUpload
from app.models.user import User

__all__ = ["Conversation", "FileUpload", "User"]
