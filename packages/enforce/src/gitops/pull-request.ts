import { counted, type ArtifactLine, type PolicyArtifact, visibleText } from '@holdfast/model'
import { objectName } from '../network/policy-facts.ts'
import { LINES_IN_TEXT, NAMED_MOST } from '../limits.ts'
import type { GitopsOptions } from './gitops.ts'

/** The text of a pull request: what each policy does, why each line stands there, and what it cannot see. Markdown. */
export function pullRequestText(artifacts: readonly PolicyArtifact[], options: GitopsOptions): string {
  const [first] = artifacts
  const agent = first === undefined ? '' : code(first.agent)
  return [
    `# Policies of ${agent}`,
    '',
    `Derived from what it did; no line was written by hand. A line that loses its evidence is named by \`holdfast policy verify\`.`,
    ...artifacts.flatMap((artifact) => sectionOf(artifact, options)),
    '',
    '## Taking it back',
    '',
    'Revert this change: documents are the same byte for byte where the same profile is derived again. Past the date of a policy it is',
    'to be derived anew; Holdfast takes what has expired for monitoring alone.',
    '',
  ].join('\n')
}

function sectionOf(artifact: PolicyArtifact, { linkOf, workload }: GitopsOptions): readonly string[] {
  const { kind, id, profile, validUntil, decisions, lines, blindSpots, effective } = artifact
  const shown = lines.slice(0, LINES_IN_TEXT)
  return [
    '',
    `## ${kind}`,
    '',
    `Artifact ${code(id)}, from profile ${code(profile.digest.slice(0, 12))}: ${counted(profile.observations, 'observation')} of ${counted(profile.days, 'day')}, log of ${counted(profile.size, 'entry', 'entries')}. Valid until ${validUntil}.`,
    '',
    `Effect: ${effective.narrows ? '' : '**narrows nothing**: '}${plain(effective.reason)}.`,
    '',
    ...Object.entries(decisions).map(
      ([name, { value, chosenBy, reason }]) => `- ${name}: ${code(value)} (${plain(chosenBy)}): ${plain(reason)}`,
    ),
    '',
    '| line | does | why | evidence |',
    '| --- | --- | --- | --- |',
    ...shown.map((line) => rowOf(line, linkOf(artifact, line))),
    ...(lines.length > shown.length
      ? ['', `${lines.length - shown.length} more lines stand in ${kind}.artifact.json.`]
      : []),
    '',
    'What it cannot see or stop:',
    '',
    ...blindSpots.map((spot) => `- ${plain(spot)}`),
    ...(kind === 'network-policy'
      ? [
          '',
          'Where namespaces may add policies of their own, who runs the cluster may take `cluster-network-policy.json`: the same list in the admin tier, which denies the rest before any of these is asked.',
        ]
      : []),
    ...(kind === 'seccomp'
      ? [
          '',
          `On pods: \`kubectl patch deployment ${pasted(workload)} --patch-file seccomp-patch.json\`, once the operator reports the profile as installed.`,
        ]
      : []),
  ]
}

function rowOf({ pointer, effect, what, because, reason, grounds, declaredBy }: ArtifactLine, link: string): string {
  const positions = [...new Set(grounds.flatMap(({ entries }) => entries))].toSorted((a, b) => a - b)
  const more = positions.length > NAMED_MOST ? ` and ${positions.length - NAMED_MOST} more` : ''
  const proof =
    positions.length > 0
      ? `[log ${positions.slice(0, NAMED_MOST).join(', ')}${more}](${link})`
      : declaredBy === undefined
        ? 'none needed'
        : `[declared at log ${declaredBy}](${link})`
  return `| ${code(pointer)} | ${effect} ${code(what)} | ${because}: ${plain(reason)} | ${proof} |`
}

/** Of a command that a person copies into a shell: a name that Kubernetes takes, or the place of one. */
function pasted(workload: string): string {
  return objectName(workload) === workload ? workload : 'NAME'
}

/**
 * Captured text as code: it opens nothing, links nothing, hides nothing and ends no cell. Of backslashes before a bar a table makes
 * escapes of each other, which frees the bar; the artifact beside the text has them as they are.
 */
function code(text: string): string {
  const inert = visibleText(text)
    .replaceAll('`', '_')
    .replaceAll(/\\*\|/g, (run) => `${'_'.repeat(run.length - 1)}\\|`)
  return `\`${inert === '' ? ' ' : inert}\``
}

/** Our own words with captured ones in them: whatever Markdown reads is escaped, no address is a link and nobody is called. */
function plain(text: string): string {
  return visibleText(text)
    .replaceAll('&', '&amp;')
    .replaceAll(/[\\`*_{}[\]<>()#|!~]/g, (sign) => `\\${sign}`)
    .replaceAll('://', '[://]')
    .replaceAll(/www\./gi, (start) => `${start.slice(0, -1)}[.]`)
    .replaceAll('@', '[at]')
}
