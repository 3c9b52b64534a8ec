import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'Database URL fixed in alembic.ini',
    title: 'database URL from the environment',
    action: 'Comment the URL out; env.py takes it from the environment',
    why:
      'A URL in alembic.ini is a credential in the repository, and migrations go to that database whatever the ' +
      'environment says. It may only be commented out where env.py has the URL from elsewhere, offline and online; ' +
      "otherwise Alembic stops with KeyError: 'url'. Where env.py reads the ini alone, it is patched in the same step.",
    point: 'migrations take the database URL from the environment',
    check: 'database URL from the environment',
    gain: 'Migrations never reach the wrong database',
  },
  fr: {
    problem: 'URL de base de données fixe dans alembic.ini',
    title: "URL de base de données depuis l'environnement",
    action: "Commenter l'URL ; env.py la lit dans l'environnement",
    why: "Une URL écrite dans alembic.ini sert dès que la variable manque : les migrations peuvent alors toucher une autre base. Le patch la commente et env.py lit celle de l'environnement.",
    point: "les migrations lisent l'URL dans l'environnement",
    check: "URL lue dans l'environnement",
    gain: 'Les migrations ne touchent jamais une autre base',
  },
};
