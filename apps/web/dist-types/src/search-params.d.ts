import { z } from 'zod'
/** The URL is the state: what a page may be asked for, and what it shows where the address says nothing. */
export declare const conversationSearch: z.ZodObject<
  {
    view: z.ZodDefault<
      z.ZodCatch<
        z.ZodEnum<{
          graph: 'graph'
          table: 'table'
          tree: 'tree'
        }>
      >
    >
    mode: z.ZodDefault<
      z.ZodCatch<
        z.ZodEnum<{
          aggregated: 'aggregated'
          'as-run': 'as-run'
        }>
      >
    >
    node: z.ZodCatch<z.ZodOptional<z.ZodString>>
    event: z.ZodCatch<z.ZodOptional<z.ZodString>>
    path: z.ZodCatch<
      z.ZodOptional<
        z.ZodEnum<{
          reach: 'reach'
          trigger: 'trigger'
        }>
      >
    >
    q: z.ZodCatch<z.ZodOptional<z.ZodString>>
    hide: z.ZodCatch<z.ZodOptional<z.ZodString>>
    limit: z.ZodCatch<z.ZodOptional<z.ZodLiteral<300>>>
  },
  z.core.$strip
>
export type ConversationSearch = z.output<typeof conversationSearch>
export declare const agentsSearch: z.ZodObject<
  {
    q: z.ZodCatch<z.ZodOptional<z.ZodString>>
    'sign-in': z.ZodCatch<
      z.ZodOptional<
        z.ZodEnum<{
          expired: 'expired'
        }>
      >
    >
  },
  z.core.$strip
>
export declare const agentSearch: z.ZodObject<
  {
    q: z.ZodCatch<z.ZodOptional<z.ZodString>>
  },
  z.core.$strip
>
export declare const tailSearch: z.ZodObject<
  {
    agent: z.ZodCatch<z.ZodOptional<z.ZodString>>
    include: z.ZodCatch<z.ZodOptional<z.ZodString>>
    exclude: z.ZodCatch<z.ZodOptional<z.ZodString>>
    highlight: z.ZodCatch<z.ZodOptional<z.ZodString>>
    kind: z.ZodCatch<z.ZodOptional<z.ZodString>>
  },
  z.core.$strip
>
export type TailSearch = z.output<typeof tailSearch>
export declare const integritySearch: z.ZodObject<
  {
    entry: z.ZodCatch<z.ZodOptional<z.ZodCoercedNumber<unknown>>>
  },
  z.core.$strip
>
/** A number in the address is read as one by the router, and an id may be all digits. */
export declare const openSearch: z.ZodObject<
  {
    q: z.ZodCatch<
      z.ZodOptional<z.ZodPipe<z.ZodUnion<readonly [z.ZodString, z.ZodNumber]>, z.ZodTransform<string, string | number>>>
    >
  },
  z.core.$strip
>
/** The kinds in `hide`. */
export declare function hiddenKinds(hide: string | undefined): readonly string[]
//# sourceMappingURL=search-params.d.ts.map
