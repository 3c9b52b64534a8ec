import os

from flask import Flask, jsonify, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy

app = Flask(__name__)
app.config["SECRET_KEY"] = os.environ["SECRET_KEY"]
app.config["SQLALCHEMY_DATABASE_URI"] = os.environ["DATABASE_URL"].replace("postgres://", "postgresql://", 1)

db = SQLAlchemy(app)
migrate = Migrate(app, db)


class Note(db.Model):
    __tablename__ = "notes"

    id = db.Column(db.Integer, primary_key=True)
    text = db.Column(db.String(200), nullable=False)


@app.get("/health")
def health():
    return jsonify(status="ok", notes=db.session.query(Note).count())


@app.post("/notes")
def create():
    note = Note(text=request.json["text"])
    db.session.add(note)
    db.session.commit()
    return jsonify(id=note.id), 201


if __name__ == "__main__":
    app.run(debug=True, host="127.0.0.1", port=5000)
