import { pathSegment, type Conversation } from '@holdfast/api'
import { Link } from '@tanstack/react-router'
import { ExportButton } from '../evidence/ExportButton.tsx'
import { IncidentBadge } from '../incidents/IncidentBadge.tsx'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { Time } from '../time/Time.tsx'
import { millisBetween } from '../time/time.ts'
import { ClockBadge, ErrorBadge } from '../ui/Badges.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { formatDuration, plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { shellWord } from '../ui/shell-quote.ts'

type HeadProps = {
  readonly conversation: Conversation
  /** What is drawn of it as SVG; undefined where nothing is. */
  readonly picture: (() => string) | undefined
}

/** The conversation in one sentence: what set it off, who took part, how much there was of it, by whose clock. */
export function ConversationHead({ conversation, picture }: HeadProps) {
  const { id, title, agents, firstClaimed, lastClaimed } = conversation
  return (
    <PageHead
      tab={title === '' ? id : title}
      title={
        title === '' ? (
          'Set off by an input that was not captured'
        ) : (
          <>
            Set off by{' '}
            <q className="font-normal">
              <Untrusted text={title} />
            </q>
          </>
        )
      }
      actions={
        <>
          <CopyAs
            command={`npm run -s holdfast -- graph ${shellWord(id)}`}
            value={conversation}
            api={`/api/v1/conversations/${pathSegment(id)}`}
            {...(picture === undefined ? {} : { picture })}
          />
          <ExportButton of={{ kind: 'conversation', id }} />
        </>
      }
    >
      <p className="flex flex-wrap items-center gap-x-3 gap-y-1">
        <span>
          {agents.map((agent, index) => (
            <span key={agent.id}>
              {index > 0 && ' and '}
              <Link to={paths.agent} params={{ agent: agent.id }} className="link">
                <Untrusted text={agent.name} />
              </Link>
            </span>
          ))}{' '}
          made {plural(conversation.modelCalls, 'model call')} and {plural(conversation.toolCalls, 'tool call')} in{' '}
          {formatDuration(millisBetween(firstClaimed, lastClaimed))}: {plural(conversation.events, 'record')},{' '}
          {plural(conversation.traces.length, 'trace')}.
        </span>
        {conversation.errors > 0 && <ErrorBadge count={conversation.errors} />}
        <ClockBadge clock={conversation.clock} />
        <IncidentBadge conversation={id} />
        <span className="text-faint">
          began <Time at={firstClaimed} /> as claimed · last recorded <Time at={conversation.lastRecorded} />
        </span>
        <Untrusted text={id} className="mono text-faint" />
      </p>
    </PageHead>
  )
}
