import os

from celery import Celery

celery_app = Celery("mailer", broker=os.environ["REDIS_URL"], backend=os.environ["REDIS_URL"])
celery_app.conf.broker_connection_retry_on_startup = True


@celery_app.task
def send(address: str) -> str:
    return f"sent to {address}"
