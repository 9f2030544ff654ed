import type { IncidentType } from '@holdfast/model'

import type { IncidentReport } from './report.ts'

type Mapping = IncidentReport['frameworks'][number]

/** Words of others for the three types. The edition is part of each line: ids change their meaning between editions. */
export function frameworksOf(types: readonly IncidentType[]): readonly Mapping[] {
  return FRAMEWORKS.map(({ framework, edition, grade, of }) => ({
    framework,
    edition,
    grade,
    // An id alone would be read in the edition of the day.
    ids: [...new Set(types.flatMap((type) => of[type]))].map((id) => (id.includes(':') ? id : `${id}@${edition}`)),
  }))
}

const ESCAPE = 'runtime-execution-escape'
const PRIVILEGE = 'privilege-boundary-escape'
const REASONING = 'reasoning-compromise'
/** Our own mapping: none of the publishers has looked at it. */
const OURS = 'mapping by Holdfast, not by the publisher'

type Framework = Omit<Mapping, 'ids'> & { readonly of: Readonly<Record<IncidentType, readonly string[]>> }

const FRAMEWORKS: readonly Framework[] = [
  {
    framework: 'NIST AI RMF',
    edition: '1.0',
    grade: OURS,
    // The kill switch is deactivation, 2.4; some cite it under 2.3, recovery from an unknown risk, so both stand here.
    of: {
      [ESCAPE]: ['MANAGE 2.3', 'MANAGE 2.4', 'MANAGE 4.1'],
      [PRIVILEGE]: ['MANAGE 2.3', 'MANAGE 2.4', 'MANAGE 4.1'],
      [REASONING]: ['MANAGE 2.3', 'MANAGE 2.4', 'MANAGE 4.1'],
    },
  },
  {
    framework: 'OWASP Top 10 for LLM Applications',
    edition: '2026',
    grade: OURS,
    of: {
      [ESCAPE]: ['LLM03:2026', 'LLM10:2026'],
      [PRIVILEGE]: ['LLM03:2026', 'LLM02:2026'],
      [REASONING]: ['LLM01:2026', 'LLM05:2026', 'LLM09:2026'],
    },
  },
  {
    framework: 'OWASP Top 10 for LLM Applications',
    edition: '2025',
    grade: OURS,
    of: {
      [ESCAPE]: ['LLM06:2025', 'LLM05:2025'],
      [PRIVILEGE]: ['LLM06:2025', 'LLM02:2025'],
      [REASONING]: ['LLM01:2025', 'LLM04:2025', 'LLM08:2025'],
    },
  },
  {
    framework: 'OWASP Top 10 for Agentic Applications',
    edition: '2026',
    grade: OURS,
    of: {
      [ESCAPE]: ['ASI05:2026', 'ASI10:2026'],
      [PRIVILEGE]: ['ASI03:2026', 'ASI02:2026'],
      [REASONING]: ['ASI01:2026', 'ASI06:2026', 'ASI04:2026', 'ASI07:2026'],
    },
  },
  {
    framework: 'MITRE ATLAS',
    edition: '2026.09',
    grade: OURS,
    of: {
      [ESCAPE]: ['AML.T0105', 'AML.T0112.000', 'AML.T0050'],
      [PRIVILEGE]: ['AML.T0053', 'AML.T0098', 'AML.T0083', 'AML.T0086'],
      [REASONING]: ['AML.T0051.001', 'AML.T0070', 'AML.T0080', 'AML.T0110', 'AML.T0061'],
    },
  },
  {
    framework: 'MITRE ATT&CK',
    edition: 'v20.0',
    grade: OURS,
    of: {
      [ESCAPE]: ['T1611', 'T1610', 'T1068'],
      [PRIVILEGE]: ['T1078.004', 'T1528', 'T1098.003', 'T1537'],
      [REASONING]: ['T1195', 'T1565', 'T1567'],
    },
  },
  {
    framework: 'CSA MAESTRO',
    edition: '2025',
    grade: OURS,
    of: { [ESCAPE]: ['L4'], [PRIVILEGE]: ['L6', 'L4'], [REASONING]: ['L2', 'L3', 'L7'] },
  },
]
