/**
 * Findings as a Code Quality report, which GitLab shows in a merge request.
 * https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
 */
import type { Finding } from './findings.ts';

const SEVERITIES = { error: 'critical', warning: 'major', note: 'info' } as const;

/** The value of the report's JSON. */
export function gitlabReport(findings: readonly Finding[]): unknown {
  return findings.map(({ rule, level, text, path, line, fingerprint }) => ({
    description: text,
    check_name: `nayek/${rule}`,
    fingerprint,
    severity: SEVERITIES[level],
    location: { path, lines: { begin: line } },
  }));
}
