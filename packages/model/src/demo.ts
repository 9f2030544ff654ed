import type { AgentId } from './ids.ts'

/** One story of a demo. Its names are drawn by the server when the demo begins, so that nothing else goes by them. */
export type DemoStory = {
  /** What it is called: `sanctioned-bucket`. */
  readonly name: string
  /** Cluster of its agents. */
  readonly cluster: string
  /** Twelve digits: the cloud account of its roles. */
  readonly account: string
}

/** How far a story is. `left-out`: this machine cannot play it, and `detail` says why. */
export const DEMO_STORY_STATES = ['waiting', 'past', 'acting', 'judging', 'told', 'failed', 'left-out'] as const

export type DemoStoryState = (typeof DEMO_STORY_STATES)[number]

/** A step in the life of demo data. */
export type DemoRecord = {
  /** Six hex digits; ends the name of every cluster of the demo. */
  readonly demo: string
  readonly by: string
  readonly deed:
    | { readonly do: 'began'; readonly stories: readonly DemoStory[] }
    | {
        readonly do: 'story'
        readonly story: string
        readonly state: Exclude<DemoStoryState, 'waiting'>
        readonly detail: string
        /** What it came to, where that is an incident. */
        readonly incident?: string
        /** Why its agent, which was to go on until it is held, ended with the story. */
        readonly ended?: string
      }
    /** Content is destroyed, and nothing of it is listed any more; its leaves stay. */
    | {
        readonly do: 'removed'
        readonly agents: readonly AgentId[]
        readonly incidents: readonly string[]
        /** Ids that they went by before something joined them: plans and notices may name one by these. */
        readonly formerIncidents?: readonly string[]
        readonly entries: number
        readonly keys: number
      }
}

/**
 * True of an agent of one of these stories: a workload of its cluster or of the staging beside that, on which agents are shown
 * clean before they come back, or an identity of its account.
 */
export function isDemoAgent(stories: readonly DemoStory[], agent: string): boolean {
  return stories.some(
    ({ cluster, account }) =>
      agent.startsWith(`k8s:${cluster}/`) ||
      agent.startsWith(`k8s:${stagingOf(cluster)}/`) ||
      agent.startsWith(`host:aws ${account}/`),
  )
}

/** The cluster that is the staging of a story's. */
export function stagingOf(cluster: string): string {
  return `${cluster}-staging`
}
