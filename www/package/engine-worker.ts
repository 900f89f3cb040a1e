// The script of the workers.
import '../src/worker';
