const error = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to })

/** @type {import('dependency-cruiser').IConfiguration} */
export default {
  forbidden: [
    error(
      'contracts-stand-alone',
      'Shapes know nobody.',
      { path: '^contracts/' },
      { path: '^(packages|services|test)/' },
    ),
    error(
      'packages-know-no-service',
      'Mechanisms serve any service.',
      { path: '^packages/' },
      { path: '^(services|test)/' },
    ),
    error(
      'services-are-strangers',
      'What one service needs of another it reads from the log.',
      { path: '^services/([^/]+)/', pathNot: '^services/standalone/' },
      { path: '^services/', pathNot: '^services/$1/' },
    ),
    error(
      'standalone-composes',
      'The composition takes services whole.',
      { path: '^services/standalone/' },
      { path: '^services/', pathNot: '^services/(standalone/|[^/]+/src/service\\.ts$)' },
    ),
    error(
      'domain-is-pure',
      'Decisions see contracts and the decider only.',
      { path: '^services/[^/]+/src/domain/', pathNot: '\\.test\\.ts$' },
      { pathNot: ['^contracts/', '^packages/decider/', '^services/[^/]+/src/domain/'] },
    ),
    error(
      'one-importer-of-the-client',
      'Only the adapter knows EventStoreDB; the embedded server is tested with the real client.',
      { pathNot: ['^packages/event-store-esdb/', '^packages/event-store-embedded/.*\\.test\\.ts$'] },
      { path: '@eventstore/db-client' },
    ),
    error(
      'test-code-stays-in-tests',
      'The test kit is for tests; a contract suite is the one part of a package that may use it.',
      { path: '^(contracts|packages|services)/', pathNot: ['\\.test\\.ts$', '^packages/testkit/', '/src/contract\\.ts$'] },
      { path: ['^packages/testkit/', 'node_modules/(vitest|fast-check)/'] },
    ),
    error('no-circular', 'A circle is one file in several pieces.', {}, { circular: true }),
    error('resolvable', 'An import that does not resolve escapes every rule.', {}, { couldNotResolve: true }),
    error('no-drawers', 'A name says what is inside.', {}, {
      path: '/(utils|util|common|shared|helpers|helper|core)(/|\\.ts$)',
      pathNot: 'node_modules',
    }),
    error('no-service-index', 'A service is imported by its service.ts.', {}, {
      path: '^services/.*/index\\.ts$',
    }),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^contracts/generated/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: 'tsconfig.json' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
}
