/**
 * The parts of two published forms that nayek writes, as JSON Schema of our own, so that a property which the form does not
 * have, or one that it asks for and is missing, fails a test. The published files are not copied here.
 * Held against them property by property: the same names, what is required, enumerations and uniqueItems; where the form
 * lets one choose (a message by `text` or `id`, a region by lines or offsets), what nayek writes is required.
 * https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json
 * https://github.com/oasis-tcs/sarif-spec/blob/e058381/sarif-2.1/schema/sarif-schema-2.1.0.json (read at that commit)
 * https://github.com/jenkinsci/xunit-plugin/blob/031e285/src/main/resources/org/jenkinsci/plugins/xunit/types/model/xsd/junit-10.xsd
 * What GitLab takes of it: https://docs.gitlab.com/ci/testing/unit_test_reports/
 */

type Schema = Readonly<Record<string, unknown>>;

const object = (properties: Readonly<Record<string, Schema>>, ...required: string[]): Schema => ({
  type: 'object',
  additionalProperties: false,
  properties,
  required,
});
const list = (items: Schema, minItems = 0): Schema => ({ type: 'array', items, minItems });
const set = (items: Schema, minItems = 0): Schema => ({ ...list(items, minItems), uniqueItems: true });
const text: Schema = { type: 'string' };
const from1: Schema = { type: 'integer', minimum: 1 };
const uri: Schema = { type: 'string', pattern: '^[a-z][a-z0-9+.-]*:\\S+$' };
/** A relative reference: RFC 3986 has no blanks, quotes or controls in it. */
const reference: Schema = { type: 'string', pattern: '^[!#$&-;=?-\\[\\]_a-z~%]+$' };

const message = object({ text: { type: 'string', minLength: 1 } }, 'text');
const artifact = object({ uri: reference, uriBaseId: text }, 'uri');
const region = object({ startLine: from1, startColumn: from1, endLine: from1, endColumn: from1 }, 'startLine');
const location = object({
  id: { type: 'integer', minimum: -1 },
  physicalLocation: object({ artifactLocation: artifact, region }, 'artifactLocation'),
  message,
});
const replacement = object({ deletedRegion: region, insertedContent: object({ text }, 'text') }, 'deletedRegion');
const result = object(
  {
    ruleId: text,
    ruleIndex: { type: 'integer', minimum: -1 },
    kind: { enum: ['notApplicable', 'pass', 'fail', 'review', 'open', 'informational'] },
    level: { enum: ['none', 'note', 'warning', 'error'] },
    message,
    locations: list(location),
    relatedLocations: set(location),
    partialFingerprints: { type: 'object', additionalProperties: text },
    fixes: set(
      object(
        {
          description: message,
          artifactChanges: set(
            object(
              { artifactLocation: artifact, replacements: list(replacement, 1) },
              'artifactLocation',
              'replacements',
            ),
            1,
          ),
        },
        'artifactChanges',
      ),
    ),
  },
  'message',
);
const rule = object({ id: text, shortDescription: message, fullDescription: message, helpUri: uri, name: text }, 'id');

export const SARIF: Schema = object(
  {
    $schema: uri,
    version: { const: '2.1.0' },
    runs: list(
      object(
        {
          tool: object(
            { driver: object({ name: text, semanticVersion: text, informationUri: uri, rules: set(rule) }, 'name') },
            'driver',
          ),
          columnKind: { enum: ['utf16CodeUnits', 'unicodeCodePoints'] },
          results: list(result),
        },
        'tool',
      ),
    ),
  },
  'version',
  'runs',
);

/**
 * An element as `test/junit.py` shows it: name, attributes, elements in it, text. The attributes that nayek writes are
 * required where the form leaves them free: readers of the form's ancestors (Ant's) ask for classname, time and type.
 */
const element = (name: string, attributes: Schema, children: Schema): Schema =>
  object({ name: { const: name }, attributes, children, text }, 'name', 'attributes', 'children', 'text');
const digits: Schema = { type: 'string', pattern: '^[0-9]+$' };
const seconds: Schema = { type: 'string', pattern: '^[0-9]+(?:\\.[0-9]+)?$' };
const NONE = { ...list({}), maxItems: 0 };

const outcome = (name: string, ...required: string[]): Schema =>
  element(name, object({ message: text, type: text }, ...required), NONE);
const testcase = element(
  'testcase',
  object({ name: text, classname: text, time: seconds }, 'name', 'classname', 'time'),
  { ...list({ anyOf: [outcome('skipped'), outcome('failure', 'type'), outcome('error', 'type')] }), maxItems: 1 },
);
const suite = element(
  'testsuite',
  object(
    {
      ...{
        name: text,
        tests: digits,
        failures: digits,
        errors: digits,
        skipped: digits,
        time: seconds,
        hostname: text,
      },
      timestamp: { type: 'string', pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d$' },
    },
    ...['name', 'tests', 'failures', 'errors', 'time'],
  ),
  list(testcase),
);
export const JUNIT: Schema = element(
  'testsuites',
  object({ name: text, tests: digits, failures: digits, errors: digits, time: seconds }),
  list(suite),
);
