import type { ArtifactKind, Event, PolicyArtifact, ProfileDimension } from '@holdfast/model'
import { isOf, isWidened, judgeOf, lineOf, keysOf, type Seen } from './acts.ts'

/** One thing of an incident that the quiet weeks never showed. */
export type Step = {
  readonly scenario: string
  readonly agent: string
  /** `<dimension> <key>`. Captured text. */
  readonly step: string
  readonly deniedBy: readonly ArtifactKind[]
  /** Layers that judge it and let it through, and on what ground. */
  readonly allowedBy: readonly { readonly kind: ArtifactKind; readonly ground: string }[]
  /** Where no layer judges it: why none can. */
  readonly unseenBy: string | undefined
}

/** Every step of an agent's incident that its quiet weeks never showed, against each of its policies, oldest first. */
export function stepsOf({
  scenario,
  agent,
  artifacts,
  acts,
  seen,
}: {
  readonly scenario: string
  readonly agent: string
  readonly artifacts: readonly PolicyArtifact[]
  readonly acts: readonly Event[]
  readonly seen: Seen
}): readonly Step[] {
  const judges = artifacts.map((artifact) => ({ artifact, judge: judgeOf(artifact) }))
  const steps = new Map<string, { denied: Set<ArtifactKind>; allowed: Map<ArtifactKind, string> }>()
  for (const event of acts) {
    const judgements = judges.map(({ artifact, judge }) => ({ artifact, judgement: judge(event) }))
    if (!isOf(event, agent)) continue
    for (const key of keysOf(event, seen.names)) {
      if (seen.keys.has(key)) continue
      const step = steps.get(key) ?? { denied: new Set(), allowed: new Map<ArtifactKind, string>() }
      steps.set(key, step)
      for (const { artifact, judgement } of judgements) {
        if (judgement.status === 'denied') step.denied.add(artifact.kind)
        if (judgement.status !== 'allowed') continue
        const line = lineOf(artifact, judgement.pointer)
        const ground = isWidened(artifact, judgement)
          ? `stated widening: ${line?.reason}`
          : (line?.reason ?? judgement.what)
        step.allowed.set(artifact.kind, ground)
      }
    }
  }
  return [...steps].map(([step, { denied, allowed }]): Step => ({
    scenario,
    agent,
    step,
    deniedBy: [...denied],
    allowedBy: [...allowed].map(([kind, ground]) => ({ kind, ground })),
    unseenBy: denied.size + allowed.size > 0 ? undefined : whyNone(step),
  }))
}

function whyNone(step: string): string {
  const dimension = step.slice(0, step.indexOf(' ')) as ProfileDimension // keys begin with their dimension
  return NO_LAYER[dimension] ?? 'no policy was made of a layer that would judge it'
}

/** What no policy of any kind looks at, by dimension. */
const NO_LAYER: Readonly<Partial<Record<ProfileDimension, string>>> = {
  'tool-arguments': 'no layer looks at arguments of tools',
  'prompt-template': 'no layer looks at prompts',
  'retrieval-source': 'no layer looks at what is retrieved',
  memory: 'no layer looks at memories',
  delegate: 'a hand-over inside the mesh is a destination or a tool, and no layer of its own',
  executable: 'no layer names programs: a filter lets execve through for every program',
  file: 'no layer looks at paths: a filter sees calls and not what they point at',
  model: 'no layer looks at models',
  syscall: 'the record tells of an act of the kernel and of no call, and a filter judges calls',
  identity: 'a policy of a cloud holds for the roles that an agent had in its quiet weeks, and this was none of them',
}
