import type { Query } from '@holdfast/api'
/** What each page reads. The first word of a key is what a change in the log makes stale (changes.ts). */
export declare const queries: {
  session: () => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        name: string
        role: string
        version: string
        otlpHttp?: string | undefined
      },
      Error,
      {
        name: string
        role: string
        version: string
        otlpHttp?: string | undefined
      },
      string[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        name: string
        role: string
        version: string
        otlpHttp?: string | undefined
      },
      string[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      {
        name: string
        role: string
        version: string
        otlpHttp?: string | undefined
      },
      Error
    >
  agents: (q: string | undefined) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseInfiniteQueryOptions<
      {
        items: {
          id: string
          name: string
          class: string
          events: number
          conversations: number
          members: string[]
          versions: string[]
          channels: string[]
          clocks: ('imported' | 'live' | 'simulated' | 'synthetic')[]
          firstSeen: string
          lastSeen: string
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          capturing: 'capturing' | 'not-capturing' | 'suppressed'
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      Error,
      import('@tanstack/react-query').InfiniteData<
        {
          items: {
            id: string
            name: string
            class: string
            events: number
            conversations: number
            members: string[]
            versions: string[]
            channels: string[]
            clocks: ('imported' | 'live' | 'simulated' | 'synthetic')[]
            firstSeen: string
            lastSeen: string
            tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
            capturing: 'capturing' | 'not-capturing' | 'suppressed'
          }[]
          nextCursor?: string | undefined
          total?: number | undefined
        },
        unknown
      >,
      string[],
      string | undefined
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        items: {
          id: string
          name: string
          class: string
          events: number
          conversations: number
          members: string[]
          versions: string[]
          channels: string[]
          clocks: ('imported' | 'live' | 'simulated' | 'synthetic')[]
          firstSeen: string
          lastSeen: string
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          capturing: 'capturing' | 'not-capturing' | 'suppressed'
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      string[],
      string | undefined
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      import('@tanstack/react-query').InfiniteData<
        {
          items: {
            id: string
            name: string
            class: string
            events: number
            conversations: number
            members: string[]
            versions: string[]
            channels: string[]
            clocks: ('imported' | 'live' | 'simulated' | 'synthetic')[]
            firstSeen: string
            lastSeen: string
            tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
            capturing: 'capturing' | 'not-capturing' | 'suppressed'
          }[]
          nextCursor?: string | undefined
          total?: number | undefined
        },
        unknown
      >,
      Error
    >
  agent: (agent: string) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        id: string
        name: string
        class: string
        events: number
        conversations: number
        members: string[]
        versions: string[]
        channels: string[]
        clocks: ('imported' | 'live' | 'simulated' | 'synthetic')[]
        firstSeen: string
        lastSeen: string
        tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
        capturing: 'capturing' | 'not-capturing' | 'suppressed'
        coverage: {
          dialects: {
            dialect: string
            instrumentation: string
            entries: number
          }[]
          entries: number
          mapped: number
          unmappedKeys: {
            key: string
            entries: number
          }[]
          unmappedKeysTotal: number
          contents: Record<'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated', number>
        }
      },
      Error,
      {
        id: string
        name: string
        class: string
        events: number
        conversations: number
        members: string[]
        versions: string[]
        channels: string[]
        clocks: ('imported' | 'live' | 'simulated' | 'synthetic')[]
        firstSeen: string
        lastSeen: string
        tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
        capturing: 'capturing' | 'not-capturing' | 'suppressed'
        coverage: {
          dialects: {
            dialect: string
            instrumentation: string
            entries: number
          }[]
          entries: number
          mapped: number
          unmappedKeys: {
            key: string
            entries: number
          }[]
          unmappedKeysTotal: number
          contents: Record<'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated', number>
        }
      },
      string[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        id: string
        name: string
        class: string
        events: number
        conversations: number
        members: string[]
        versions: string[]
        channels: string[]
        clocks: ('imported' | 'live' | 'simulated' | 'synthetic')[]
        firstSeen: string
        lastSeen: string
        tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
        capturing: 'capturing' | 'not-capturing' | 'suppressed'
        coverage: {
          dialects: {
            dialect: string
            instrumentation: string
            entries: number
          }[]
          entries: number
          mapped: number
          unmappedKeys: {
            key: string
            entries: number
          }[]
          unmappedKeysTotal: number
          contents: Record<'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated', number>
        }
      },
      string[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      {
        id: string
        name: string
        class: string
        events: number
        conversations: number
        members: string[]
        versions: string[]
        channels: string[]
        clocks: ('imported' | 'live' | 'simulated' | 'synthetic')[]
        firstSeen: string
        lastSeen: string
        tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
        capturing: 'capturing' | 'not-capturing' | 'suppressed'
        coverage: {
          dialects: {
            dialect: string
            instrumentation: string
            entries: number
          }[]
          entries: number
          mapped: number
          unmappedKeys: {
            key: string
            entries: number
          }[]
          unmappedKeysTotal: number
          contents: Record<'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated', number>
        }
      },
      Error
    >
  conversations: (
    agent: string | undefined,
    q: string | undefined,
  ) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseInfiniteQueryOptions<
      {
        items: {
          id: string
          agents: {
            id: string
            name: string
          }[]
          title: string
          events: number
          traces: string[]
          modelCalls: number
          toolCalls: number
          errors: number
          firstClaimed: string
          lastClaimed: string
          lastRecorded: string
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          dialects: string[]
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      Error,
      import('@tanstack/react-query').InfiniteData<
        {
          items: {
            id: string
            agents: {
              id: string
              name: string
            }[]
            title: string
            events: number
            traces: string[]
            modelCalls: number
            toolCalls: number
            errors: number
            firstClaimed: string
            lastClaimed: string
            lastRecorded: string
            clock: 'imported' | 'live' | 'simulated' | 'synthetic'
            dialects: string[]
          }[]
          nextCursor?: string | undefined
          total?: number | undefined
        },
        unknown
      >,
      string[],
      string | undefined
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        items: {
          id: string
          agents: {
            id: string
            name: string
          }[]
          title: string
          events: number
          traces: string[]
          modelCalls: number
          toolCalls: number
          errors: number
          firstClaimed: string
          lastClaimed: string
          lastRecorded: string
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          dialects: string[]
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      string[],
      string | undefined
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      import('@tanstack/react-query').InfiniteData<
        {
          items: {
            id: string
            agents: {
              id: string
              name: string
            }[]
            title: string
            events: number
            traces: string[]
            modelCalls: number
            toolCalls: number
            errors: number
            firstClaimed: string
            lastClaimed: string
            lastRecorded: string
            clock: 'imported' | 'live' | 'simulated' | 'synthetic'
            dialects: string[]
          }[]
          nextCursor?: string | undefined
          total?: number | undefined
        },
        unknown
      >,
      Error
    >
  conversation: (conversation: string) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        id: string
        agents: {
          id: string
          name: string
        }[]
        title: string
        events: number
        traces: string[]
        modelCalls: number
        toolCalls: number
        errors: number
        firstClaimed: string
        lastClaimed: string
        lastRecorded: string
        clock: 'imported' | 'live' | 'simulated' | 'synthetic'
        dialects: string[]
      },
      Error,
      {
        id: string
        agents: {
          id: string
          name: string
        }[]
        title: string
        events: number
        traces: string[]
        modelCalls: number
        toolCalls: number
        errors: number
        firstClaimed: string
        lastClaimed: string
        lastRecorded: string
        clock: 'imported' | 'live' | 'simulated' | 'synthetic'
        dialects: string[]
      },
      string[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        id: string
        agents: {
          id: string
          name: string
        }[]
        title: string
        events: number
        traces: string[]
        modelCalls: number
        toolCalls: number
        errors: number
        firstClaimed: string
        lastClaimed: string
        lastRecorded: string
        clock: 'imported' | 'live' | 'simulated' | 'synthetic'
        dialects: string[]
      },
      string[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      {
        id: string
        agents: {
          id: string
          name: string
        }[]
        title: string
        events: number
        traces: string[]
        modelCalls: number
        toolCalls: number
        errors: number
        firstClaimed: string
        lastClaimed: string
        lastRecorded: string
        clock: 'imported' | 'live' | 'simulated' | 'synthetic'
        dialects: string[]
      },
      Error
    >
  drawn: (
    conversation: string,
    query: Query<'getDrawnGraph'>,
  ) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        mode: 'aggregated' | 'as-run'
        nodes: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          count: number
          members: string[]
        }[]
        edges: {
          from: string
          to: string
          kind:
            | 'acted-as'
            | 'carried'
            | 'contains'
            | 'delegated'
            | 'entered'
            | 'produced'
            | 'requested'
            | 'returned'
            | 'sent'
          basis: 'call-id' | 'content' | 'exclusive' | 'lineage' | 'socket' | 'temporal' | 'trace'
          values?: string[] | undefined
          count: number
        }[]
        total: {
          nodes: number
          edges: number
        }
        folded: number
      },
      Error,
      {
        mode: 'aggregated' | 'as-run'
        nodes: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          count: number
          members: string[]
        }[]
        edges: {
          from: string
          to: string
          kind:
            | 'acted-as'
            | 'carried'
            | 'contains'
            | 'delegated'
            | 'entered'
            | 'produced'
            | 'requested'
            | 'returned'
            | 'sent'
          basis: 'call-id' | 'content' | 'exclusive' | 'lineage' | 'socket' | 'temporal' | 'trace'
          values?: string[] | undefined
          count: number
        }[]
        total: {
          nodes: number
          edges: number
        }
        folded: number
      },
      (
        | string
        | {
            mode?: 'aggregated' | 'as-run' | undefined
            focus?: string | undefined
            hide?: string | undefined
            limit?: number | undefined
          }
      )[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        mode: 'aggregated' | 'as-run'
        nodes: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          count: number
          members: string[]
        }[]
        edges: {
          from: string
          to: string
          kind:
            | 'acted-as'
            | 'carried'
            | 'contains'
            | 'delegated'
            | 'entered'
            | 'produced'
            | 'requested'
            | 'returned'
            | 'sent'
          basis: 'call-id' | 'content' | 'exclusive' | 'lineage' | 'socket' | 'temporal' | 'trace'
          values?: string[] | undefined
          count: number
        }[]
        total: {
          nodes: number
          edges: number
        }
        folded: number
      },
      (
        | string
        | {
            mode?: 'aggregated' | 'as-run' | undefined
            focus?: string | undefined
            hide?: string | undefined
            limit?: number | undefined
          }
      )[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      (
        | string
        | {
            mode?: 'aggregated' | 'as-run' | undefined
            focus?: string | undefined
            hide?: string | undefined
            limit?: number | undefined
          }
      )[],
      {
        mode: 'aggregated' | 'as-run'
        nodes: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          count: number
          members: string[]
        }[]
        edges: {
          from: string
          to: string
          kind:
            | 'acted-as'
            | 'carried'
            | 'contains'
            | 'delegated'
            | 'entered'
            | 'produced'
            | 'requested'
            | 'returned'
            | 'sent'
          basis: 'call-id' | 'content' | 'exclusive' | 'lineage' | 'socket' | 'temporal' | 'trace'
          values?: string[] | undefined
          count: number
        }[]
        total: {
          nodes: number
          edges: number
        }
        folded: number
      },
      Error
    >
  rows: (
    conversation: string,
    {
      page,
      q,
    }: {
      readonly page: number
      readonly q: string | undefined
    },
  ) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      Error,
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      (string | number)[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      (string | number)[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      (string | number)[],
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      Error
    >
  /** Rows of the named nodes, at most 50. */
  nodes: (
    conversation: string,
    ids: readonly string[],
  ) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      Error,
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      (string | readonly string[])[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      (string | readonly string[])[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      (string | readonly string[])[],
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      Error
    >
  /** The row of the node that stands for an event. */
  nodeOfEvent: (
    conversation: string,
    event: string,
  ) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      Error,
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      string[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      string[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      {
        items: {
          id: string
          kind:
            | 'agent'
            | 'delegation'
            | 'document'
            | 'egress'
            | 'guardrail'
            | 'identity'
            | 'memory'
            | 'message'
            | 'model-call'
            | 'model-output'
            | 'step'
            | 'tool'
            | 'tool-definition'
          lane: 'identity' | 'input' | 'network' | 'process' | 'reasoning' | 'tool'
          label: string
          agent: string
          member?: string | undefined
          trace?: string | undefined
          claimedAt: string
          claimedUntil?: string | undefined
          events: string[]
          status: 'error' | 'ok' | 'unknown'
          contents: ('captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated')[]
          bytes: number
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          trigger?: true | undefined
          depth: number
          parent?: string | undefined
          children: number
          index?: number | undefined
        }[]
        nextCursor?: string | undefined
        total?: number | undefined
      },
      Error
    >
  reach: (
    conversation: string,
    query: Query<'getReach'>,
  ) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        from: string
        direction: 'backward' | 'forward'
        nodes: {
          id: string
          hops: number
          proven: boolean
        }[]
        edges: {
          from: string
          to: string
          kind:
            | 'acted-as'
            | 'carried'
            | 'contains'
            | 'delegated'
            | 'entered'
            | 'produced'
            | 'requested'
            | 'returned'
            | 'sent'
          basis: 'call-id' | 'content' | 'exclusive' | 'lineage' | 'socket' | 'temporal' | 'trace'
          values?: string[] | undefined
        }[]
        path: string[]
        cut: {
          nodes: number
          hops: number
        }
      },
      Error,
      {
        from: string
        direction: 'backward' | 'forward'
        nodes: {
          id: string
          hops: number
          proven: boolean
        }[]
        edges: {
          from: string
          to: string
          kind:
            | 'acted-as'
            | 'carried'
            | 'contains'
            | 'delegated'
            | 'entered'
            | 'produced'
            | 'requested'
            | 'returned'
            | 'sent'
          basis: 'call-id' | 'content' | 'exclusive' | 'lineage' | 'socket' | 'temporal' | 'trace'
          values?: string[] | undefined
        }[]
        path: string[]
        cut: {
          nodes: number
          hops: number
        }
      },
      (
        | string
        | {
            node: string
            direction: 'backward' | 'forward'
            proven?: 'false' | 'true' | undefined
          }
      )[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        from: string
        direction: 'backward' | 'forward'
        nodes: {
          id: string
          hops: number
          proven: boolean
        }[]
        edges: {
          from: string
          to: string
          kind:
            | 'acted-as'
            | 'carried'
            | 'contains'
            | 'delegated'
            | 'entered'
            | 'produced'
            | 'requested'
            | 'returned'
            | 'sent'
          basis: 'call-id' | 'content' | 'exclusive' | 'lineage' | 'socket' | 'temporal' | 'trace'
          values?: string[] | undefined
        }[]
        path: string[]
        cut: {
          nodes: number
          hops: number
        }
      },
      (
        | string
        | {
            node: string
            direction: 'backward' | 'forward'
            proven?: 'false' | 'true' | undefined
          }
      )[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      (
        | string
        | {
            node: string
            direction: 'backward' | 'forward'
            proven?: 'false' | 'true' | undefined
          }
      )[],
      {
        from: string
        direction: 'backward' | 'forward'
        nodes: {
          id: string
          hops: number
          proven: boolean
        }[]
        edges: {
          from: string
          to: string
          kind:
            | 'acted-as'
            | 'carried'
            | 'contains'
            | 'delegated'
            | 'entered'
            | 'produced'
            | 'requested'
            | 'returned'
            | 'sent'
          basis: 'call-id' | 'content' | 'exclusive' | 'lineage' | 'socket' | 'temporal' | 'trace'
          values?: string[] | undefined
        }[]
        path: string[]
        cut: {
          nodes: number
          hops: number
        }
      },
      Error
    >
  evidence: (conversation: string) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        conversation: string
        artifacts: {
          id: 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6'
          name: string
          state: 'complete' | 'missing' | 'not-expected' | 'partial'
          count: number
          expected: number
          bytes: number
          first?: string | undefined
          last?: string | undefined
          completeness?: number | undefined
          reason: string
          missing: {
            item: string
            kind: string
            state: string
            reason: string
            remedy: string
          }[]
          missingTotal: number
        }[]
        completeness: number
      },
      Error,
      {
        conversation: string
        artifacts: {
          id: 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6'
          name: string
          state: 'complete' | 'missing' | 'not-expected' | 'partial'
          count: number
          expected: number
          bytes: number
          first?: string | undefined
          last?: string | undefined
          completeness?: number | undefined
          reason: string
          missing: {
            item: string
            kind: string
            state: string
            reason: string
            remedy: string
          }[]
          missingTotal: number
        }[]
        completeness: number
      },
      string[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        conversation: string
        artifacts: {
          id: 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6'
          name: string
          state: 'complete' | 'missing' | 'not-expected' | 'partial'
          count: number
          expected: number
          bytes: number
          first?: string | undefined
          last?: string | undefined
          completeness?: number | undefined
          reason: string
          missing: {
            item: string
            kind: string
            state: string
            reason: string
            remedy: string
          }[]
          missingTotal: number
        }[]
        completeness: number
      },
      string[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      {
        conversation: string
        artifacts: {
          id: 'A1' | 'A2' | 'A3' | 'A4' | 'A5' | 'A6'
          name: string
          state: 'complete' | 'missing' | 'not-expected' | 'partial'
          count: number
          expected: number
          bytes: number
          first?: string | undefined
          last?: string | undefined
          completeness?: number | undefined
          reason: string
          missing: {
            item: string
            kind: string
            state: string
            reason: string
            remedy: string
          }[]
          missingTotal: number
        }[]
        completeness: number
      },
      Error
    >
  event: (event: string) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        id: string
        entry: number
        kind: string
        label: string
        claimedAt: string
        claimedUntil?: string | undefined
        recordedAt: string
        agent: {
          id: string
          name: string
          member?: string | undefined
          version?: string | undefined
          instance?: string | undefined
        }
        source: {
          channel: string
          instance: string
          credential: string
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          dialect: string
          instrumentation: string
        }
        conversation: string
        trace?: string | undefined
        span?: string | undefined
        parentSpan?: string | undefined
        facts: Record<string, string | number | boolean>
        contents: {
          slot: string
          state: 'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated'
          digest?: string | undefined
          bytes?: number | undefined
          mediaType?: string | undefined
          masked?: number | undefined
          reason?: string | undefined
        }[]
      },
      Error,
      {
        id: string
        entry: number
        kind: string
        label: string
        claimedAt: string
        claimedUntil?: string | undefined
        recordedAt: string
        agent: {
          id: string
          name: string
          member?: string | undefined
          version?: string | undefined
          instance?: string | undefined
        }
        source: {
          channel: string
          instance: string
          credential: string
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          dialect: string
          instrumentation: string
        }
        conversation: string
        trace?: string | undefined
        span?: string | undefined
        parentSpan?: string | undefined
        facts: Record<string, string | number | boolean>
        contents: {
          slot: string
          state: 'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated'
          digest?: string | undefined
          bytes?: number | undefined
          mediaType?: string | undefined
          masked?: number | undefined
          reason?: string | undefined
        }[]
      },
      string[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        id: string
        entry: number
        kind: string
        label: string
        claimedAt: string
        claimedUntil?: string | undefined
        recordedAt: string
        agent: {
          id: string
          name: string
          member?: string | undefined
          version?: string | undefined
          instance?: string | undefined
        }
        source: {
          channel: string
          instance: string
          credential: string
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          dialect: string
          instrumentation: string
        }
        conversation: string
        trace?: string | undefined
        span?: string | undefined
        parentSpan?: string | undefined
        facts: Record<string, string | number | boolean>
        contents: {
          slot: string
          state: 'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated'
          digest?: string | undefined
          bytes?: number | undefined
          mediaType?: string | undefined
          masked?: number | undefined
          reason?: string | undefined
        }[]
      },
      string[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      {
        id: string
        entry: number
        kind: string
        label: string
        claimedAt: string
        claimedUntil?: string | undefined
        recordedAt: string
        agent: {
          id: string
          name: string
          member?: string | undefined
          version?: string | undefined
          instance?: string | undefined
        }
        source: {
          channel: string
          instance: string
          credential: string
          tier: 'boundary' | 'kernel' | 'provider' | 'self-reported'
          clock: 'imported' | 'live' | 'simulated' | 'synthetic'
          dialect: string
          instrumentation: string
        }
        conversation: string
        trace?: string | undefined
        span?: string | undefined
        parentSpan?: string | undefined
        facts: Record<string, string | number | boolean>
        contents: {
          slot: string
          state: 'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated'
          digest?: string | undefined
          bytes?: number | undefined
          mediaType?: string | undefined
          masked?: number | undefined
          reason?: string | undefined
        }[]
      },
      Error
    >
  content: (
    event: string,
    slot: string,
    query: Query<'getContent'>,
  ) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        event: string
        slot: string
        state: 'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated'
        text: string
        offset: number
        characters: number
        nextOffset?: number | undefined
        bytes: number
        digest?: string | undefined
        mediaType: string
        reason?: string | undefined
      },
      Error,
      {
        event: string
        slot: string
        state: 'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated'
        text: string
        offset: number
        characters: number
        nextOffset?: number | undefined
        bytes: number
        digest?: string | undefined
        mediaType: string
        reason?: string | undefined
      },
      (
        | string
        | {
            offset?: number | undefined
            limit?: number | undefined
          }
      )[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        event: string
        slot: string
        state: 'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated'
        text: string
        offset: number
        characters: number
        nextOffset?: number | undefined
        bytes: number
        digest?: string | undefined
        mediaType: string
        reason?: string | undefined
      },
      (
        | string
        | {
            offset?: number | undefined
            limit?: number | undefined
          }
      )[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      (
        | string
        | {
            offset?: number | undefined
            limit?: number | undefined
          }
      )[],
      {
        event: string
        slot: string
        state: 'captured' | 'not-captured' | 'redacted' | 'suppressed' | 'truncated'
        text: string
        offset: number
        characters: number
        nextOffset?: number | undefined
        bytes: number
        digest?: string | undefined
        mediaType: string
        reason?: string | undefined
      },
      Error
    >
  integrity: () => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        size: number
        rootHash: string
        checkpoint?:
          | {
              size: number
              rootHash: string
              note: string
            }
          | undefined
        checkpointAgeMs?: number | undefined
        publicKey: string
        gaps: {
          entry: number
          reason: string
          sender: string
          channel: string
          records?: number | undefined
          requests: number
          from: string
          to: string
          detail: string
        }[]
        gapsTotal: number
        counts: {
          received: number
          stored: number
          refused: number
          lost: number
          duplicates: number
        }
        disk: {
          folderBytes: number
          rawBytes: number
          freeBytes: number
          totalBytes: number
          runwayDays?: number | undefined
        }
        projection: {
          cursor: number
          lag: number
        }
        streams: {
          agent: string
          name: string
          channel: string
          lastRecorded: string
          entries: number
          mappedShare: number
          captured: number
        }[]
        policy?:
          | {
              name: string
              senders: string
              content: string
            }
          | undefined
      },
      Error,
      {
        size: number
        rootHash: string
        checkpoint?:
          | {
              size: number
              rootHash: string
              note: string
            }
          | undefined
        checkpointAgeMs?: number | undefined
        publicKey: string
        gaps: {
          entry: number
          reason: string
          sender: string
          channel: string
          records?: number | undefined
          requests: number
          from: string
          to: string
          detail: string
        }[]
        gapsTotal: number
        counts: {
          received: number
          stored: number
          refused: number
          lost: number
          duplicates: number
        }
        disk: {
          folderBytes: number
          rawBytes: number
          freeBytes: number
          totalBytes: number
          runwayDays?: number | undefined
        }
        projection: {
          cursor: number
          lag: number
        }
        streams: {
          agent: string
          name: string
          channel: string
          lastRecorded: string
          entries: number
          mappedShare: number
          captured: number
        }[]
        policy?:
          | {
              name: string
              senders: string
              content: string
            }
          | undefined
      },
      string[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        size: number
        rootHash: string
        checkpoint?:
          | {
              size: number
              rootHash: string
              note: string
            }
          | undefined
        checkpointAgeMs?: number | undefined
        publicKey: string
        gaps: {
          entry: number
          reason: string
          sender: string
          channel: string
          records?: number | undefined
          requests: number
          from: string
          to: string
          detail: string
        }[]
        gapsTotal: number
        counts: {
          received: number
          stored: number
          refused: number
          lost: number
          duplicates: number
        }
        disk: {
          folderBytes: number
          rawBytes: number
          freeBytes: number
          totalBytes: number
          runwayDays?: number | undefined
        }
        projection: {
          cursor: number
          lag: number
        }
        streams: {
          agent: string
          name: string
          channel: string
          lastRecorded: string
          entries: number
          mappedShare: number
          captured: number
        }[]
        policy?:
          | {
              name: string
              senders: string
              content: string
            }
          | undefined
      },
      string[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      {
        size: number
        rootHash: string
        checkpoint?:
          | {
              size: number
              rootHash: string
              note: string
            }
          | undefined
        checkpointAgeMs?: number | undefined
        publicKey: string
        gaps: {
          entry: number
          reason: string
          sender: string
          channel: string
          records?: number | undefined
          requests: number
          from: string
          to: string
          detail: string
        }[]
        gapsTotal: number
        counts: {
          received: number
          stored: number
          refused: number
          lost: number
          duplicates: number
        }
        disk: {
          folderBytes: number
          rawBytes: number
          freeBytes: number
          totalBytes: number
          runwayDays?: number | undefined
        }
        projection: {
          cursor: number
          lag: number
        }
        streams: {
          agent: string
          name: string
          channel: string
          lastRecorded: string
          entries: number
          mappedShare: number
          captured: number
        }[]
        policy?:
          | {
              name: string
              senders: string
              content: string
            }
          | undefined
      },
      Error
    >
  doctor: () => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        checks: {
          id: string
          status: 'FAIL' | 'PASS' | 'WARN'
          title: string
          detail: string
          remedy?: string | undefined
        }[]
      },
      Error,
      {
        checks: {
          id: string
          status: 'FAIL' | 'PASS' | 'WARN'
          title: string
          detail: string
          remedy?: string | undefined
        }[]
      },
      string[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        checks: {
          id: string
          status: 'FAIL' | 'PASS' | 'WARN'
          title: string
          detail: string
          remedy?: string | undefined
        }[]
      },
      string[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      {
        checks: {
          id: string
          status: 'FAIL' | 'PASS' | 'WARN'
          title: string
          detail: string
          remedy?: string | undefined
        }[]
      },
      Error
    >
  proof: (index: number) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        proof: string
      },
      Error,
      {
        proof: string
      },
      (string | number)[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        proof: string
      },
      (string | number)[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      (string | number)[],
      {
        proof: string
      },
      Error
    >
  rawEntry: (index: number) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        index: number
        recordedAt: string
        encoding: string
        leaf: string
        body?: string | undefined
        bodyBytes: number
        masks: {
          rule: string
          start: number
          bytes: number
        }[]
      },
      Error,
      {
        index: number
        recordedAt: string
        encoding: string
        leaf: string
        body?: string | undefined
        bodyBytes: number
        masks: {
          rule: string
          start: number
          bytes: number
        }[]
      },
      (string | number)[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        index: number
        recordedAt: string
        encoding: string
        leaf: string
        body?: string | undefined
        bodyBytes: number
        masks: {
          rule: string
          start: number
          bytes: number
        }[]
      },
      (string | number)[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      (string | number)[],
      {
        index: number
        recordedAt: string
        encoding: string
        leaf: string
        body?: string | undefined
        bodyBytes: number
        masks: {
          rule: string
          start: number
          bytes: number
        }[]
      },
      Error
    >
  search: (q: string) => import('@tanstack/react-query').OmitKeyof<
    import('@tanstack/react-query').UseQueryOptions<
      {
        items: {
          kind: 'agent' | 'conversation' | 'digest' | 'document' | 'entry' | 'event' | 'span' | 'tool' | 'trace'
          id: string
          label: string
          href: string
        }[]
        understood: string
      },
      Error,
      {
        items: {
          kind: 'agent' | 'conversation' | 'digest' | 'document' | 'entry' | 'event' | 'span' | 'tool' | 'trace'
          id: string
          label: string
          href: string
        }[]
        understood: string
      },
      string[]
    >,
    'queryFn'
  > & {
    queryFn?: import('@tanstack/react-query').QueryFunction<
      {
        items: {
          kind: 'agent' | 'conversation' | 'digest' | 'document' | 'entry' | 'event' | 'span' | 'tool' | 'trace'
          id: string
          label: string
          href: string
        }[]
        understood: string
      },
      string[],
      never
    >
  } & import('@tanstack/react-query').QueryKeyWithDataTag<
      string[],
      {
        items: {
          kind: 'agent' | 'conversation' | 'digest' | 'document' | 'entry' | 'event' | 'span' | 'tool' | 'trace'
          id: string
          label: string
          href: string
        }[]
        understood: string
      },
      Error
    >
}
//# sourceMappingURL=queries.d.ts.map
