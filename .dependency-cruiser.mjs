const rules = {
  'contracts-stand-alone': {
    comment: 'Shapes know nobody.',
    from: { path: '^contracts/' },
    to: { path: '^(packages|services|test)/' },
  },
  'packages-know-no-service': {
    comment: 'Mechanisms serve any service.',
    from: { path: '^packages/' },
    to: { path: '^(services|test)/' },
  },
  'services-are-strangers': {
    comment: 'What one service needs of another it reads from the log.',
    from: { path: '^services/([^/]+)/', pathNot: '^services/standalone/' },
    to: { path: '^services/', pathNot: '^services/$1/' },
  },
  'standalone-composes': {
    comment: 'The composition takes services whole.',
    from: { path: '^services/standalone/' },
    to: { path: '^services/', pathNot: '^services/(standalone/|[^/]+/src/service\\.ts$)' },
  },
  'domain-is-pure': {
    comment: 'Decisions see contracts, the decider and the calendar only.',
    from: { path: '^services/[^/]+/src/domain/', pathNot: '\\.test\\.ts$' },
    to: {
      pathNot: [
        '^contracts/',
        '^packages/decider/',
        '^packages/deadlines/src/(holidays|local-date|opening-hours)\\.ts$',
        '^services/[^/]+/src/domain/',
      ],
    },
  },
  'one-importer-of-the-client': {
    comment: 'Only the adapter knows EventStoreDB; the embedded server is tested with the real client.',
    from: { pathNot: ['^packages/event-store-esdb/', '^packages/event-store-embedded/.*\\.test\\.ts$'] },
    to: { path: '@eventstore/db-client' },
  },
  'test-code-stays-in-tests': {
    comment:
      'Only tests, their fixtures, the test folder of a package, and contract suites use the test kit and its tools.',
    from: {
      path: '^(contracts|packages|services)/',
      pathNot: [
        '\\.test\\.ts$',
        '^packages/testkit/',
        '/src/contract[./]',
        '\\.fixture\\.ts$',
        '^packages/[^/]+/test/',
      ],
    },
    to: { path: ['^packages/testkit/', '\\.fixture\\.ts$', 'node_modules/(vitest|fast-check)/'] },
  },
  'pages-know-contracts': {
    comment: 'What runs in the browser sees shapes, the client of channels, and itself; of routes, their types.',
    from: { path: '^services/portal/client/' },
    to: {
      path: '^(contracts|packages|services)/',
      pathNot: ['^contracts/src/', '^packages/channels/src/client\\.ts$', '^services/portal/client/'],
    },
  },
  'no-circular': {
    comment: 'A circle is one file in several pieces.',
    from: {},
    to: { circular: true },
  },
  resolvable: {
    comment: 'An import that does not resolve escapes every rule.',
    from: {},
    to: { couldNotResolve: true },
  },
  'no-drawers': {
    comment: 'A name says what is inside.',
    from: {},
    to: { path: '/(utils|util|common|shared|helpers|helper|core)(/|\\.ts$)', pathNot: 'node_modules' },
  },
  'no-service-index': {
    comment: 'A service is imported by its service.ts.',
    from: {},
    to: { path: '^services/.*/index\\.ts$' },
  },
}

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  // The default severity only warns, and exits 0.
  forbidden: Object.entries(rules).map(([name, rule]) => ({ name, severity: 'error', ...rule })),
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(contracts/generated|services/portal/dist)/' },
    tsPreCompilationDeps: true,
    // Without these three, workspace imports do not resolve and every rule passes.
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.tsx', '.mjs', '.js', '.json', '.css'],
    },
  },
}
