export default {
  base: './',
  // The strict content policy allows no data: addresses for workers and fetched files.
  build: { assetsInlineLimit: 0 },
  // Vite's server would move the package's scripts away from the files beside them.
  optimizeDeps: { exclude: ['noriai'] },
};
