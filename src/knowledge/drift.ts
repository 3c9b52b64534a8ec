/**
 * Known breaks between versions. `npm run drift` proves every row by a real run and writes the day into it.
 * CONTRIBUTING.md, "A break between versions", shows how to add one.
 */
import rows from './drift.json' with { type: 'json' };

/** All that is given must hold. Names are PEP 503 normalised. */
export interface DriftEvidence {
  /** Name → version below which every listed requirement of it keeps the install. */
  readonly held?: Readonly<Record<string, string>>;
  /** Name → version that the listed requirements of it keep the install at or above. */
  readonly since?: Readonly<Record<string, string>>;
  /** Name → version that an install may take, or newer. */
  readonly takes?: Readonly<Record<string, string>>;
  /** Listed directly, one of them. */
  readonly listed?: readonly string[];
  /** Listed directly without a marker, one of them. */
  readonly plain?: readonly string[];
  /** Listed by nobody, nor locked: the environment's own is used. */
  readonly unlisted?: readonly string[];
  /** Installed by nothing. */
  readonly lacks?: readonly string[];
  /** Dotted names, one of which is imported at start, or something of it. */
  readonly imports?: readonly string[];
  /** Dotted names none of which is imported at start: code for the newer version. */
  readonly spares?: readonly string[];
  /** Expression that a file with one of the imports matches. */
  readonly uses?: string;
  /** Expression that a call of the start matches, in a file with one of the imports. */
  readonly runs?: string;
  /** Expression that any file of the service matches. */
  readonly mentions?: string;
  /** Expression that a model or a migration of an installed Django application matches. */
  readonly schema?: string;
  /** The service runs on this Python or a newer one; below that one. */
  readonly python?: string;
  readonly pythonBelow?: string;
  /** What the survey says of the service. */
  readonly state?: 'plain-postgresql' | 'gevent-worker' | 'eventlet-worker' | 'no-pkg-resources';
}

export interface DriftRow {
  readonly id: string;
  /** A sentence without a full stop. */
  readonly what: string;
  readonly when: DriftEvidence;
  /** The requirement that mends it: 'sqlalchemy<2.1'. */
  readonly ask?: string;
  /** What else mends it, where no requirement does. */
  readonly say?: string;
  /** Id of the part that changes the code instead. */
  readonly edit?: string;
  /** Of a pin without a wheel: the newest Python that has one. */
  readonly older?: string;
  /** Of what does not run on a newer Python: the newest that it runs on. */
  readonly newest?: string;
  readonly source: string;
  /** ISO day of the last run that showed it. */
  readonly proved: string;
}

// The compiler gives each object of the JSON every key of the others: test/drift.test.ts holds the form.
export const DRIFT = rows as readonly unknown[] as readonly DriftRow[];
