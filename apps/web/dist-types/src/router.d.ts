import { QueryClient } from '@tanstack/react-query'
export declare const queryClient: QueryClient
type Context = {
  readonly queryClient: QueryClient
}
export declare const router: import('@tanstack/router-core').RouterCore<
  import('@tanstack/router-core').Route<
    import('@tanstack/react-router').Register,
    any,
    '/',
    '/',
    string,
    '__root__',
    undefined,
    {},
    Context,
    import('@tanstack/react-router').AnyContext,
    ({
      context,
    }: import('@tanstack/react-router').BeforeLoadContextOptions<
      import('@tanstack/react-router').Register,
      any,
      undefined,
      {},
      Context,
      import('@tanstack/react-router').AnyContext,
      '__root__',
      unknown,
      undefined
    >) => Promise<{
      name: string
      role: string
      version: string
      otlpHttp?: string | undefined
    }>,
    {},
    undefined,
    readonly [
      import('@tanstack/react-router').Route<
        unknown,
        import('@tanstack/react-router').RootRoute<
          import('@tanstack/react-router').Register,
          undefined,
          Context,
          import('@tanstack/react-router').AnyContext,
          ({
            context,
          }: import('@tanstack/react-router').BeforeLoadContextOptions<
            import('@tanstack/react-router').Register,
            any,
            undefined,
            {},
            Context,
            import('@tanstack/react-router').AnyContext,
            '__root__',
            unknown,
            undefined
          >) => Promise<{
            name: string
            role: string
            version: string
            otlpHttp?: string | undefined
          }>,
          {},
          undefined,
          unknown,
          unknown,
          unknown,
          unknown,
          undefined
        >,
        '/',
        '/',
        string,
        '/',
        import('zod').ZodObject<
          {
            q: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
            'sign-in': import('zod').ZodCatch<
              import('zod').ZodOptional<
                import('zod').ZodEnum<{
                  expired: 'expired'
                }>
              >
            >
          },
          import('zod/v4/core').$strip
        >,
        import('@tanstack/react-router').ResolveParams<'/'>,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        {
          q: string | undefined
        },
        ({
          context,
          deps,
        }: import('@tanstack/react-router').LoaderFnContext<
          unknown,
          import('@tanstack/react-router').RootRoute<
            import('@tanstack/react-router').Register,
            undefined,
            Context,
            import('@tanstack/react-router').AnyContext,
            ({
              context,
            }: import('@tanstack/react-router').BeforeLoadContextOptions<
              import('@tanstack/react-router').Register,
              any,
              undefined,
              {},
              Context,
              import('@tanstack/react-router').AnyContext,
              '__root__',
              unknown,
              undefined
            >) => Promise<{
              name: string
              role: string
              version: string
              otlpHttp?: string | undefined
            }>,
            {},
            undefined,
            unknown,
            unknown,
            unknown,
            unknown,
            undefined
          >,
          '/',
          import('@tanstack/react-router').ResolveParams<'/'>,
          {
            q: string | undefined
          },
          import('@tanstack/react-router').AnyContext,
          import('@tanstack/react-router').AnyContext,
          import('@tanstack/react-router').AnyContext,
          unknown,
          undefined
        >) => Promise<
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
            string | undefined
          >
        >,
        unknown,
        unknown,
        unknown,
        unknown,
        undefined
      >,
      import('@tanstack/react-router').Route<
        unknown,
        import('@tanstack/react-router').RootRoute<
          import('@tanstack/react-router').Register,
          undefined,
          Context,
          import('@tanstack/react-router').AnyContext,
          ({
            context,
          }: import('@tanstack/react-router').BeforeLoadContextOptions<
            import('@tanstack/react-router').Register,
            any,
            undefined,
            {},
            Context,
            import('@tanstack/react-router').AnyContext,
            '__root__',
            unknown,
            undefined
          >) => Promise<{
            name: string
            role: string
            version: string
            otlpHttp?: string | undefined
          }>,
          {},
          undefined,
          unknown,
          unknown,
          unknown,
          unknown,
          undefined
        >,
        '/agents/$agent',
        '/agents/$agent',
        string,
        '/agents/$agent',
        import('zod').ZodObject<
          {
            q: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
          },
          import('zod/v4/core').$strip
        >,
        import('@tanstack/react-router').ResolveParams<'/agents/$agent'>,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        {
          q: string | undefined
        },
        ({
          context,
          params,
          deps,
        }: import('@tanstack/react-router').LoaderFnContext<
          unknown,
          import('@tanstack/react-router').RootRoute<
            import('@tanstack/react-router').Register,
            undefined,
            Context,
            import('@tanstack/react-router').AnyContext,
            ({
              context,
            }: import('@tanstack/react-router').BeforeLoadContextOptions<
              import('@tanstack/react-router').Register,
              any,
              undefined,
              {},
              Context,
              import('@tanstack/react-router').AnyContext,
              '__root__',
              unknown,
              undefined
            >) => Promise<{
              name: string
              role: string
              version: string
              otlpHttp?: string | undefined
            }>,
            {},
            undefined,
            unknown,
            unknown,
            unknown,
            unknown,
            undefined
          >,
          '/agents/$agent',
          import('@tanstack/react-router').ResolveParams<'/agents/$agent'>,
          {
            q: string | undefined
          },
          import('@tanstack/react-router').AnyContext,
          import('@tanstack/react-router').AnyContext,
          import('@tanstack/react-router').AnyContext,
          unknown,
          undefined
        >) => Promise<
          [
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
              string | undefined
            >,
          ]
        >,
        unknown,
        unknown,
        unknown,
        unknown,
        undefined
      >,
      import('@tanstack/react-router').Route<
        unknown,
        import('@tanstack/react-router').RootRoute<
          import('@tanstack/react-router').Register,
          undefined,
          Context,
          import('@tanstack/react-router').AnyContext,
          ({
            context,
          }: import('@tanstack/react-router').BeforeLoadContextOptions<
            import('@tanstack/react-router').Register,
            any,
            undefined,
            {},
            Context,
            import('@tanstack/react-router').AnyContext,
            '__root__',
            unknown,
            undefined
          >) => Promise<{
            name: string
            role: string
            version: string
            otlpHttp?: string | undefined
          }>,
          {},
          undefined,
          unknown,
          unknown,
          unknown,
          unknown,
          undefined
        >,
        '/conversations/$conversation',
        '/conversations/$conversation',
        string,
        '/conversations/$conversation',
        import('zod').ZodObject<
          {
            view: import('zod').ZodDefault<
              import('zod').ZodCatch<
                import('zod').ZodEnum<{
                  graph: 'graph'
                  table: 'table'
                  tree: 'tree'
                }>
              >
            >
            mode: import('zod').ZodDefault<
              import('zod').ZodCatch<
                import('zod').ZodEnum<{
                  aggregated: 'aggregated'
                  'as-run': 'as-run'
                }>
              >
            >
            node: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
            event: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
            path: import('zod').ZodCatch<
              import('zod').ZodOptional<
                import('zod').ZodEnum<{
                  reach: 'reach'
                  trigger: 'trigger'
                }>
              >
            >
            q: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
            hide: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
            limit: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodLiteral<300>>>
          },
          import('zod/v4/core').$strip
        >,
        import('@tanstack/react-router').ResolveParams<'/conversations/$conversation'>,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        {
          view: 'graph' | 'table' | 'tree'
          mode: 'aggregated' | 'as-run'
          hide: string | undefined
          limit: 300 | undefined
          q: string | undefined
        },
        ({
          context: { queryClient: client },
          params: { conversation },
          deps,
        }: import('@tanstack/react-router').LoaderFnContext<
          unknown,
          import('@tanstack/react-router').RootRoute<
            import('@tanstack/react-router').Register,
            undefined,
            Context,
            import('@tanstack/react-router').AnyContext,
            ({
              context,
            }: import('@tanstack/react-router').BeforeLoadContextOptions<
              import('@tanstack/react-router').Register,
              any,
              undefined,
              {},
              Context,
              import('@tanstack/react-router').AnyContext,
              '__root__',
              unknown,
              undefined
            >) => Promise<{
              name: string
              role: string
              version: string
              otlpHttp?: string | undefined
            }>,
            {},
            undefined,
            unknown,
            unknown,
            unknown,
            unknown,
            undefined
          >,
          '/conversations/$conversation',
          import('@tanstack/react-router').ResolveParams<'/conversations/$conversation'>,
          {
            view: 'graph' | 'table' | 'tree'
            mode: 'aggregated' | 'as-run'
            hide: string | undefined
            limit: 300 | undefined
            q: string | undefined
          },
          import('@tanstack/react-router').AnyContext,
          import('@tanstack/react-router').AnyContext,
          import('@tanstack/react-router').AnyContext,
          unknown,
          undefined
        >) => Promise<void>,
        unknown,
        unknown,
        unknown,
        unknown,
        undefined
      >,
      import('@tanstack/react-router').Route<
        unknown,
        import('@tanstack/react-router').RootRoute<
          import('@tanstack/react-router').Register,
          undefined,
          Context,
          import('@tanstack/react-router').AnyContext,
          ({
            context,
          }: import('@tanstack/react-router').BeforeLoadContextOptions<
            import('@tanstack/react-router').Register,
            any,
            undefined,
            {},
            Context,
            import('@tanstack/react-router').AnyContext,
            '__root__',
            unknown,
            undefined
          >) => Promise<{
            name: string
            role: string
            version: string
            otlpHttp?: string | undefined
          }>,
          {},
          undefined,
          unknown,
          unknown,
          unknown,
          unknown,
          undefined
        >,
        '/tail',
        '/tail',
        string,
        '/tail',
        import('zod').ZodObject<
          {
            agent: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
            include: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
            exclude: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
            highlight: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
            kind: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodString>>
          },
          import('zod/v4/core').$strip
        >,
        import('@tanstack/react-router').ResolveParams<'/tail'>,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        {},
        undefined,
        unknown,
        unknown,
        unknown,
        unknown,
        undefined
      >,
      import('@tanstack/react-router').Route<
        unknown,
        import('@tanstack/react-router').RootRoute<
          import('@tanstack/react-router').Register,
          undefined,
          Context,
          import('@tanstack/react-router').AnyContext,
          ({
            context,
          }: import('@tanstack/react-router').BeforeLoadContextOptions<
            import('@tanstack/react-router').Register,
            any,
            undefined,
            {},
            Context,
            import('@tanstack/react-router').AnyContext,
            '__root__',
            unknown,
            undefined
          >) => Promise<{
            name: string
            role: string
            version: string
            otlpHttp?: string | undefined
          }>,
          {},
          undefined,
          unknown,
          unknown,
          unknown,
          unknown,
          undefined
        >,
        '/integrity',
        '/integrity',
        string,
        '/integrity',
        import('zod').ZodObject<
          {
            entry: import('zod').ZodCatch<import('zod').ZodOptional<import('zod').ZodCoercedNumber<unknown>>>
          },
          import('zod/v4/core').$strip
        >,
        import('@tanstack/react-router').ResolveParams<'/integrity'>,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        {},
        ({
          context,
        }: import('@tanstack/react-router').LoaderFnContext<
          unknown,
          import('@tanstack/react-router').RootRoute<
            import('@tanstack/react-router').Register,
            undefined,
            Context,
            import('@tanstack/react-router').AnyContext,
            ({
              context,
            }: import('@tanstack/react-router').BeforeLoadContextOptions<
              import('@tanstack/react-router').Register,
              any,
              undefined,
              {},
              Context,
              import('@tanstack/react-router').AnyContext,
              '__root__',
              unknown,
              undefined
            >) => Promise<{
              name: string
              role: string
              version: string
              otlpHttp?: string | undefined
            }>,
            {},
            undefined,
            unknown,
            unknown,
            unknown,
            unknown,
            undefined
          >,
          '/integrity',
          import('@tanstack/react-router').ResolveParams<'/integrity'>,
          {},
          import('@tanstack/react-router').AnyContext,
          import('@tanstack/react-router').AnyContext,
          import('@tanstack/react-router').AnyContext,
          unknown,
          undefined
        >) => Promise<{
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
        }>,
        unknown,
        unknown,
        unknown,
        unknown,
        undefined
      >,
      import('@tanstack/react-router').Route<
        unknown,
        import('@tanstack/react-router').RootRoute<
          import('@tanstack/react-router').Register,
          undefined,
          Context,
          import('@tanstack/react-router').AnyContext,
          ({
            context,
          }: import('@tanstack/react-router').BeforeLoadContextOptions<
            import('@tanstack/react-router').Register,
            any,
            undefined,
            {},
            Context,
            import('@tanstack/react-router').AnyContext,
            '__root__',
            unknown,
            undefined
          >) => Promise<{
            name: string
            role: string
            version: string
            otlpHttp?: string | undefined
          }>,
          {},
          undefined,
          unknown,
          unknown,
          unknown,
          unknown,
          undefined
        >,
        '/search',
        '/search',
        string,
        '/search',
        import('zod').ZodObject<
          {
            q: import('zod').ZodCatch<
              import('zod').ZodOptional<
                import('zod').ZodPipe<
                  import('zod').ZodUnion<readonly [import('zod').ZodString, import('zod').ZodNumber]>,
                  import('zod').ZodTransform<string, string | number>
                >
              >
            >
          },
          import('zod/v4/core').$strip
        >,
        import('@tanstack/react-router').ResolveParams<'/search'>,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        import('@tanstack/react-router').AnyContext,
        {},
        undefined,
        unknown,
        unknown,
        unknown,
        unknown,
        undefined
      >,
    ],
    unknown,
    unknown,
    unknown,
    undefined
  >,
  'never',
  false,
  import('@tanstack/history').RouterHistory,
  Record<string, any>
>
declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router
  }
}
export {}
//# sourceMappingURL=router.d.ts.map
