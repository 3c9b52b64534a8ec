import type { PartWords } from '../../src/model/part-words.ts';

export const words: PartWords = {
  en: {
    problem: 'No complete render.yaml',
    title: 'Render blueprint',
    action: 'Declare service, variables, database and health check',
    why:
      'A blueprint makes the deployment a file that can be read and reviewed. What is written out matters as much as what ' +
      'is not: without `plan` Render takes a paid one, without `ipAllowList` the database is open to every address, and a ' +
      'health check on a route that does not exist blocks every deploy.',
    point: 'render.yaml with the complete configuration',
    check: 'present, with the complete configuration',
    gain: 'A deployment that is written down and repeatable',
  },
  fr: {
    problem: 'Pas de render.yaml complet',
    title: 'configuration Render',
    action: 'Déclarer service, variables, base de données et health check',
    why: "Sans render.yaml, tout se règle à la main dans le tableau de bord, au risque d'un oubli. Le fichier déclare ce dont le code a besoin, sans valeur secrète.",
    point: 'render.yaml avec la configuration complète',
    check: 'présent, avec la configuration complète',
    gain: 'Configuration déclarative et reproductible',
  },
};
