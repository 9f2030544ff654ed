import { useSuspenseQuery } from '@tanstack/react-query'
import { getRouteApi, Link, Outlet, useRouterState } from '@tanstack/react-router'
import { useEffect, useRef, type RefObject } from 'react'
import { queries } from '../data/queries.ts'
import { paths } from '../paths.ts'
import { Untrusted } from '../text/Untrusted.tsx'
import { ClockBadge, TierBadge } from '../ui/Badges.tsx'
import { CopyAs } from '../ui/CopyAs.tsx'
import { plural } from '../ui/format.ts'
import { PageHead } from '../ui/Page.tsx'
import { shellWord } from '../ui/shell-quote.ts'
import { AgentStanding } from './AgentStanding.tsx'
import { AGENT_TABS } from './tabs.ts'

const route = getRouteApi(paths.agent)

/** One agent: who it is, and the tabs that tell the rest. */
export function AgentPage() {
  const { agent: id } = route.useParams()
  const { data: agent } = useSuspenseQuery(queries.agent(id))
  const tabs = useCurrentInView()
  return (
    <>
      <PageHead
        tab={agent.name}
        title={<Untrusted text={agent.name} />}
        actions={
          <>
            <Link to={paths.diagnostic} search={{ agent: id }} className="button">
              Diagnostic
            </Link>
            <CopyAs
              command={`npm run -s holdfast -- tail --agent ${shellWord(agent.id)}`}
              value={agent}
              api={`/api/v1/agents/${encodeURIComponent(agent.id)}`}
            />
          </>
        }
      >
        <span className="flex flex-wrap items-center gap-x-3 gap-y-1">
          <Untrusted text={agent.id} className="mono" />
          <Untrusted text={agent.class} />
          <TierBadge tier={agent.tier} />
          {agent.clocks.map((clock) => (
            <ClockBadge key={clock} clock={clock} />
          ))}
          <span>{plural(agent.events, 'event')}</span>
        </span>
      </PageHead>
      <AgentStanding agent={agent} />
      <nav ref={tabs} aria-label="About this agent" className="tabs">
        {AGENT_TABS.map(({ to, label }) => (
          <Link key={to} to={to} params={{ agent: id }} className="tab">
            {label}
          </Link>
        ))}
      </nav>
      <Outlet />
    </>
  )
}

/** Tabs that do not all fit are scrolled to the one that is open. */
function useCurrentInView(): RefObject<HTMLElement | null> {
  const tabs = useRef<HTMLElement>(null)
  const path = useRouterState({ select: ({ location: { pathname } }) => pathname })
  useEffect(() => {
    // Newer browsers give a promise of its end, which is no way to undo an effect.
    tabs.current?.querySelector('[aria-current="page"]')?.scrollIntoView({ inline: 'center', block: 'nearest' })
  }, [path])
  return tabs
}
