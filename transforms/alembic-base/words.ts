import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'Base imported through another module',
    title: 'Base imported from where it is defined',
    action: 'Import Base from the module that defines it',
    why:
      'Alembic compares the database with the tables registered on Base.metadata. Where a module in between only hands ' +
      'Base on, env.py can name the module that defines it. Where that module in between is what imports the models, it ' +
      'must stay: without it the metadata is empty and autogenerate writes DROP TABLE for every table.',
    point: 'env.py imports Base from where it is defined',
    check: 'Base imported from where it is defined',
    gain: 'Migrations see one Base and all models',
  },
  fr: {
    problem: 'Base importée par un réexport',
    title: 'import de Base corrigé',
    action: 'Importer Base depuis le module qui la définit',
    why: 'Un import indirect peut laisser des modèles hors des métadonnées. Le patch importe le même objet depuis sa source, et seulement si tous les modèles restent enregistrés.',
    point: 'env.py importe Base depuis sa source',
    check: 'Base importée depuis sa source',
    gain: 'Les migrations voient une seule Base et tous les modèles',
  },
};
