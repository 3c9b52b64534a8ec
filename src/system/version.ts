import { version } from '../../package.json';

/** The version of nayek, as in package.json. */
export const VERSION: string = version;
