import type { DemoWire } from '@holdfast/api'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { plural } from '../ui/format.ts'
import { demoQueries } from './queries.ts'
import { RemoveDemo } from './RemoveDemo.tsx'
import { StoryState } from './StoryState.tsx'
import { progressOf, titleOf } from './words.ts'

/** On every page while there is demo data: that it is, how far its stories are, and the way to be rid of it. */
export function DemoBanner() {
  const { data } = useQuery(demoQueries.demo())
  if (data === undefined || data.items.length === 0) return null
  const stories = data.items.flatMap((demo) => demo.stories)
  const { told, isRunning } = progressOf(stories)
  return (
    <aside
      aria-label="Demo data"
      className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-sunken px-4 py-1.5 text-sm max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:py-0.5 max-sm:whitespace-nowrap"
    >
      <strong className="font-semibold">Demo data</strong>
      <span className={`text-soft ${isRunning ? '' : 'max-sm:hidden'}`}>
        {isRunning
          ? `${told} of ${plural(stories.length, 'story', 'stories')} told`
          : 'simulated weeks, scripted models'}
      </span>
      <ul className="flex flex-wrap items-center gap-x-3 gap-y-1 max-sm:flex-nowrap" aria-label="Stories">
        {stories.map((story) => (
          <li key={story.cluster} className="flex items-center gap-1">
            <StoryName story={story} />
            <StoryState story={story} />
          </li>
        ))}
      </ul>
      {stories.map(
        (story) =>
          story.ended !== undefined && (
            <p key={story.cluster} className="text-soft">
              {titleOf(story)} ended with its story, since <Untrusted text={story.ended} />: its incident can be read,
              not held.
            </p>
          ),
      )}
      {!data.hasOwnAgents && (
        <span className="text-soft max-sm:hidden">
          Waiting for your first agent.{' '}
          <Link to={paths.start} className="link">
            Point one here
          </Link>
        </span>
      )}
      <span className="ml-auto">
        <RemoveDemo />
      </span>
    </aside>
  )
}

/**
 * Leads to what a story came to, once it is there. Read when it is opened, not when it is passed: while the data is
 * removed it may be gone already.
 */
function StoryName({ story }: { readonly story: DemoWire['stories'][number] }) {
  const title = titleOf(story)
  if (story.incident !== undefined)
    return (
      <Link
        preload={false}
        to={paths.incident}
        params={{ incident: story.incident }}
        className="link"
        title={story.detail}
      >
        {title}
      </Link>
    )
  if (story.state === 'told' && story.agent !== undefined)
    return (
      <Link preload={false} to={paths.agentDrift} params={{ agent: story.agent }} className="link" title={story.detail}>
        {title}
      </Link>
    )
  if (story.state === 'told')
    return (
      <Link to={paths.drift} className="link" title={story.detail}>
        {title}
      </Link>
    )
  return <span>{title}</span>
}
