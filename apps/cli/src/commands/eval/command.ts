import { buildCommand } from '@stricli/core'
import type { CliContext } from '../../context.ts'
import { bare } from '../../flags.ts'
import { documentation } from '../documentation.ts'

export type EvalFlags = {
  readonly labels?: string
  readonly runs: string
  readonly neutralise: boolean
  readonly behaviourOnly: boolean
  readonly learn: boolean
  readonly iam: boolean
  readonly split?: string
  readonly allOrdinary: boolean
  readonly json: boolean
}

export const evalCommand = buildCommand<EvalFlags, [], CliContext>({
  loader: async () => (await import('./run.ts')).runEval,
  parameters: {
    flags: bare({
      labels: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'CSV that says what each run is; without it every run below DIR is benign',
        placeholder: 'CSV',
      },
      runs: { kind: 'parsed', parse: String, brief: 'Folder of recorded runs', placeholder: 'DIR' },
      neutralise: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Replace the known wrapper of injected text by the bare goal first',
      },
      behaviourOnly: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Hide from the detector how untrusted texts are worded',
      },
      learn: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Also what confirmed incidents of a goal teach about its other runs',
      },
      iam: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'Of recorded CloudTrail: what policies made of the earlier calls of an identity allow and deny later',
      },
      split: {
        kind: 'parsed',
        parse: String,
        optional: true,
        brief: 'With --iam: share of the ordinary calls that policies are made of; 0.5 unless given',
        placeholder: 'SHARE',
      },
      allOrdinary: {
        kind: 'boolean',
        default: false,
        withNegated: false,
        brief: 'With --iam and without labels: nobody attacked, every call is ordinary',
      },
      json: { kind: 'boolean', default: false, withNegated: false, brief: 'One JSON document (docs/cli.md)' },
    }),
  },
  docs: documentation(
    'Print the figures behind the detector, from recorded runs with labels; no server needed',
    [
      ['--labels labels.csv --runs ./runs --neutralise', 'recall, false positives, intervals, per suite and model'],
      ['--labels labels.csv --runs ./runs --json | jq .recall', 'for a script'],
      ['--labels labels.csv --runs ./runs --learn', 'recall after 1, 2, 5 and 10 confirmed incidents of a goal'],
      ['--iam --runs ./cloudtrail', 'what generated IAM policies would have allowed and denied (docs/enforcing.md)'],
      ['--runs ./ordinary', 'how many ordinary runs would be called an incident'],
    ],
    'Thresholds are carried over from the other suites where there are several, and as shipped: both are printed.',
  ),
})
