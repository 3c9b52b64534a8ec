/** What a page says itself, by language; what it says of a repository comes from the report. */
import type { Language } from '../../model/part-words.ts';

export interface Labels {
  readonly title: string;
  readonly summary: string;
  readonly recipe: string;
  readonly date: string;
  readonly toChange: string;
  readonly changed: string;
  readonly created: string;
  readonly none: string;
  readonly kinds: Readonly<Record<'applied' | 'pending' | 'manual' | 'failed' | 'satisfied' | 'skipped', string>>;
  readonly map: string;
  readonly entry: string;
  readonly routes: string;
  readonly health: string;
  readonly settings: string;
  readonly database: string;
  readonly migrations: string;
  readonly environment: string;
  readonly processes: string;
  readonly required: string;
  readonly planned: string;
  readonly more: string;
  readonly toKnow: string;
  readonly changes: string;
  readonly hunk: string;
  readonly lines: string;
  readonly link: string;
  readonly why: string;
  readonly asAbove: string;
  readonly together: string;
  readonly warning: string;
  readonly run: string;
  readonly byHand: string;
  readonly rest: string;
  readonly notRead: string;
  readonly noEnd: string;
  readonly sideBySide: string;
  readonly unified: string;
  readonly takes: string;
  readonly leavesOut: string;
  readonly search: string;
  readonly keys: string;
  readonly close: string;
  readonly copy: string;
  readonly command: string;
}

const en: Labels = {
  title: 'What nayek would change',
  summary: 'Summary',
  recipe: 'Recipe',
  date: 'Date',
  toChange: 'to change',
  changed: 'changed',
  created: 'new',
  none: 'nothing found',
  kinds: {
    applied: 'done',
    pending: 'pending',
    manual: 'by hand',
    failed: 'failed',
    satisfied: 'holds already',
    skipped: 'does not apply',
  },
  map: 'How it hangs together',
  entry: 'Entry',
  routes: 'Routes',
  health: 'health check',
  settings: 'Settings',
  database: 'Database',
  migrations: 'migrations',
  environment: 'Environment',
  processes: 'Processes',
  required: 'required',
  planned: 'planned',
  more: 'more',
  toKnow: 'To know before deploying',
  changes: 'Changes',
  hunk: 'Hunk',
  lines: 'from line',
  link: 'Link to this hunk',
  why: 'Why',
  asAbove: 'as above',
  together: 'goes together with',
  warning: 'Warning',
  run: 'Then run',
  byHand: 'By hand',
  rest: 'What needs nothing',
  notRead: 'Not read',
  noEnd: 'no line end at the end of the file',
  sideBySide: 'Side by side',
  unified: 'Unified',
  takes: 'Accept',
  leavesOut: 'Leave out',
  search: 'Find in this page',
  keys: 'Keys',
  close: 'Close',
  copy: 'Copy',
  command: 'To apply what is accepted',
};

const fr: Labels = {
  title: 'Ce que nayek changerait',
  summary: 'Résumé',
  recipe: 'Recette',
  date: 'Date',
  toChange: 'à changer',
  changed: 'changés',
  created: 'nouveau',
  none: 'rien trouvé',
  kinds: {
    applied: 'fait',
    pending: 'à faire',
    manual: 'à la main',
    failed: 'échoué',
    satisfied: 'déjà en place',
    skipped: 'sans objet',
  },
  map: 'Comment tout se tient',
  entry: 'Entrée',
  routes: 'Routes',
  health: 'contrôle de santé',
  settings: 'Configuration',
  database: 'Base de données',
  migrations: 'migrations',
  environment: 'Environnement',
  processes: 'Processus',
  required: 'obligatoire',
  planned: 'prévu',
  more: 'de plus',
  toKnow: 'À savoir avant de déployer',
  changes: 'Changements',
  hunk: 'Bloc',
  lines: 'à partir de la ligne',
  link: 'Lien vers ce bloc',
  why: 'Pourquoi',
  asAbove: 'comme plus haut',
  together: 'va de pair avec',
  warning: 'Attention',
  run: 'Puis lancer',
  byHand: 'À la main',
  rest: 'Ce qui ne demande rien',
  notRead: 'Non lus',
  noEnd: 'pas de fin de ligne à la fin du fichier',
  sideBySide: 'Côte à côte',
  unified: 'Unifié',
  takes: 'Accepter',
  leavesOut: 'Écarter',
  search: 'Chercher dans cette page',
  keys: 'Touches',
  close: 'Fermer',
  copy: 'Copier',
  command: 'Pour appliquer ce qui est accepté',
};

export const LABELS: Readonly<Record<Language, Labels>> = { en, fr };
