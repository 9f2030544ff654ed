import { ours } from '../../called-as.ts'
import { counted } from '@holdfast/model'
import type { Answer, DetectorVersionWire } from '@holdfast/api'
import type { CliContext } from '../../context.ts'
import { inert } from '../../render/inert.ts'
import { formatOf, printDocument, printList, say } from '../../render/output.ts'
import type { Column } from '../../render/table.ts'
import { openApi } from '../../server/api.ts'
import type { DetectorShowFlags, DetectorTrainFlags, DetectorVersionsFlags } from './command.ts'

/** Learns a version; ends with a finding's code where it is refused. */
export async function detectorTrain(this: CliContext, flags: DetectorTrainFlags): Promise<void> {
  const format = formatOf(flags, 'table')
  const answer = await openApi(this, flags).call('trainDetector', { body: { reason: flags.reason } })
  if (format === 'table') {
    const { status, version, why } = answer
    this.stdout.write(
      status === 'accepted'
        ? `version ${version} is in force: cases are judged anew with it\n`
        : `refused: ${inert(why ?? '')}; the version before stays\n`,
    )
    this.stdout.write(cardText(answer.card))
  } else printDocument(this, format, answer)
  if (answer.status === 'refused') this.exit('check-failed')
}

/** Prints one version. */
export async function detectorShow(this: CliContext, flags: DetectorShowFlags, version = 'current'): Promise<void> {
  const format = formatOf(flags, 'table')
  const detector = await openApi(this, flags).call('getDetector', { params: { version } })
  if (format === 'table') this.stdout.write(pageText(detector))
  else printDocument(this, format, detector)
}

/** Prints all versions. */
export async function detectorVersions(this: CliContext, flags: DetectorVersionsFlags): Promise<void> {
  const { items } = await openApi(this, flags).call('listDetectors')
  printList(this, { format: formatOf(flags, 'table'), columns, rows: items })
  if (items.length === 1)
    say(this, ours`nothing was learned here yet: \`holdfast incidents confirm ID\`, then \`holdfast detector train\``)
}

const columns: readonly Column<DetectorVersionWire>[] = [
  { title: 'VERSION', value: ({ version }) => version, align: 'right' },
  { title: 'IN FORCE', value: ({ inForce, outdated }) => (inForce ? 'yes' : outdated === true ? 'no: outdated' : '') },
  { title: 'GOALS', value: ({ goals }) => goals, align: 'right' },
  { title: 'CONFIRMED', value: ({ card }) => card?.confirmed ?? '', align: 'right' },
  { title: 'LEARNED (UTC)', value: ({ at }) => at ?? 'ships' },
  { title: 'BY', value: ({ by }) => by ?? '', widest: 40 },
  { title: 'WHY', value: ({ reason }) => reason ?? '', widest: 60 },
]

function pageText({ version, inForce, at, by, reason, channels, learned, card }: Answer<'getDetector'>): string {
  return [
    `version ${version}${version === 0 ? ', as it ships' : ''}${inForce ? ', in force' : ''}`,
    ...(at === undefined ? [] : [`learned ${at} by ${inert(by ?? '')}: ${inert(reason ?? '')}`]),
    ...channels.flatMap(({ basis, features, bias, threshold }) => [
      '',
      `${basis}: bias ${bias}, ${threshold === null ? 'what grounds a call decides' : `threshold ${threshold.toFixed(3)}`}`,
      ...features.map(({ name, weight }) => `  ${weight.toFixed(4).padStart(9)}  ${name}`),
    ]),
    '',
    `${learned.length} goals of confirmed incidents`,
    ...learned.map(
      ({ incidents, count, deeds, words, destinations }) =>
        `  ${deeds.map(inert).join(' ')}: ${words} words and ${destinations} destinations as digests, from ${counted(count, 'incident')} (${incidents.map(inert).join(', ')})`,
    ),
    ...(card === undefined ? [] : ['', cardText(card).trimEnd()]),
    '',
  ].join('\n')
}

function cardText({
  confirmed,
  dismissed,
  ordinary,
  agents,
  goals,
  goalsRefused,
  kept,
}: Answer<'trainDetector'>['card']): string {
  const { before, after } = kept
  return [
    `learned from ${confirmed} confirmed and ${dismissed} dismissed incidents of ${counted(agents, 'agent')}, held against ${ordinary} ordinary cases: ${goals} goals`,
    ...goalsRefused.map(
      ({ incident, ordinaryCases, such }) =>
        `  nothing of ${inert(incident)}: ${ordinaryCases} cases that are no incident look the same (${such.map(inert).join(', ')})`,
    ),
    `kept cases: found ${before.confirmed.found} to ${after.confirmed.found} of ${after.confirmed.cases}, called ${before.ordinary.called} to ${after.ordinary.called} of ${after.ordinary.cases} ordinary ones`,
    '',
  ].join('\n')
}
