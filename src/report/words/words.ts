/** What a report says, by language. A language is one file of this shape. */
export interface Words {
  readonly title: string;
  readonly date: string;
  readonly recipe: string;
  readonly target: string;
  readonly problems: string;
  readonly critical: string;
  readonly important: string;
  /** Of a problem that this recipe leaves alone. */
  readonly optional: string;
  readonly none: string;
  readonly patches: string;
  readonly patch: string;
  readonly file: string;
  readonly created: string;
  readonly action: string;
  readonly why: string;
  readonly evidence: string;
  readonly byHand: string;
  readonly failed: string;
  readonly know: string;
  readonly run: string;
  readonly code: string;
  readonly seePatch: string;
  readonly asDiff: string;
  readonly verification: string;
  readonly checklist: string;
  readonly localTests: string;
  readonly testHost: string;
  readonly testHostSays: string;
  readonly testMigrations: string;
  readonly testMigrationsSays: string;
  readonly testServer: string;
  readonly testServerSays: string;
  readonly summary: string;
  readonly before: string;
  readonly after: string;
  readonly ready: string;
  readonly notReady: string;
  readonly left: string;
  readonly impact: string;
  readonly colon: string;
}
