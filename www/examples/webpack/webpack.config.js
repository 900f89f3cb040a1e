import { fileURLToPath } from 'node:url';

export default {
  mode: 'production',
  entry: './main.js',
  output: { path: fileURLToPath(new URL('public', import.meta.url)), filename: '[name].js' },
  // The package is minified already.
  optimization: { minimize: false },
  // The engine and the map are larger than webpack's usual limits.
  performance: { hints: false },
};
