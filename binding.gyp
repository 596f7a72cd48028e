# For npm rebuild, node-gyp and electron's tools: the native build is CMake's, in native/; this calls it.
{
  'targets': [
    {
      'target_name': 'quadrille',
      'type': 'none',
      'actions': [
        {
          'action_name': 'cmake-js',
          'inputs': ['native/CMakeLists.txt'],
          # A name that is never made: ask CMake every time, it knows what is up to date.
          'outputs': ['build/Release/.always'],
          'action': ['node', 'scripts/native.mjs', 'install'],
        },
      ],
    },
  ],
}
