import { inert } from '../../rules/report.ts'
import type { IamFigures, IamReport, IdentityRow, Wrong } from './evaluate-iam.ts'
import type { Rate } from './figures.ts'

/** The report as a person reads it: counts beside every rate. */
export function iamText(report: IamReport): string {
  const { skipped, split, pooled } = report
  const isSame = pooled.identities.length === report.identities.length
  return [
    `${report.recordings} recordings${report.neutralised ? '; names that tools left are replaced' : ''}`,
    LABELS[report.labels],
    ...skipped
      .slice(0, 10)
      .map(({ archive, member, why }) => `  skipped ${inert(`${archive} ${member}`)}: ${inert(why)}`),
    `the policy of an identity is made of the first ${percent(split)} of its ordinary calls`,
    ...figureLines('each principal by itself', report),
    ...(isSame ? [] : figureLines('one name of all accounts as one identity', pooled)),
    ...report.identities.filter(isWorthShowing).flatMap(identityLines),
    ...(isSame
      ? []
      : [
          '',
          'one name of all accounts as one identity:',
          ...pooled.identities.filter(isWorthShowing).flatMap(identityLines),
        ]),
    '',
  ].join('\n')
}

const LABELS: Readonly<Record<IamReport['labels'], string>> = {
  file: 'the labels file says which calls are ordinary and which are of a technique',
  'class of the action':
    'without labels, listing and reading how things stand is ordinary, and what changes something or reads data or secrets is of a technique',
  'all ordinary': 'every call is ordinary: nobody attacked',
}

/** Identities without a policy are counted; `--json` lists them. */
function isWorthShowing({ policy }: IdentityRow): boolean {
  return policy.status === 'made'
}

function figureLines(title: string, figures: IamFigures): readonly string[] {
  const { identities, withoutPolicy, variants } = figures
  return [
    '',
    `${title}: ${identities.length} identities, ${withoutPolicy.identities} without an earlier ordinary call and so without a policy (${withoutPolicy.technique} calls of techniques, in no rate below)`,
    `  later ordinary calls allowed     ${rateText(figures.allowed)}`,
    `  calls of techniques denied       ${rateText(figures.denied)}`,
    `    of them after what was learned ${rateText(figures.deniedAfter)}`,
    ...variants.map(
      ({ name, allowed, denied }) => `  ${name.padEnd(38)} allowed ${short(allowed)}; denied ${short(denied)}`,
    ),
  ]
}

function identityLines(row: IdentityRow): readonly string[] {
  const { policy, learned } = row
  return [
    '',
    inert(row.identity),
    `  ${row.records} calls on ${row.days} days, ${row.from} to ${row.to}: ${row.ordinary} ordinary (${row.refusedByAws} refused by AWS), ${row.technique} of a technique, ${row.undecided} undecided`,
    policy.status === 'refused'
      ? `  no policy: ${inert(policy.reason)}`
      : `  learned from ${learned.calls} calls, ${learned.acts} acts, until ${learned.until}: ${policy.policies} policies, ${policy.characters} characters, ${policy.lines} lines`,
    ...(row.allowed === null || row.denied === null || row.deniedAfter === null
      ? []
      : [
          `  later ordinary calls allowed ${rateText(row.allowed)}`,
          `  calls of techniques denied   ${rateText(row.denied)}; after what was learned ${short(row.deniedAfter)}`,
        ]),
    ...wrongLines('denied though ordinary', row.falseDenials),
    ...wrongLines('allowed though of a technique', row.falseAllows),
  ]
}

function wrongLines(what: string, wrongs: readonly Wrong[]): readonly string[] {
  return wrongs.map(
    ({ action, resources, calls }) =>
      `    ${what}: ${calls} x ${inert(action)}${resources.length === 0 ? '' : ` on ${inert(resources.slice(0, 2).join(', '))}`}`,
  )
}

function rateText(rate: Rate): string {
  const { interval } = rate
  const between =
    interval === null
      ? 'no interval'
      : `95 % ${percent(interval.low)} to ${percent(interval.high)}, ${interval.clusters} clusters`
  return `${short(rate)}; distinct acts ${rate.actsHit}/${rate.acts} (${between})`
}

function short({ hits, calls, rate }: Rate): string {
  return `${hits}/${calls}${rate === null ? '' : ` ${percent(rate)}`}`
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`
}
