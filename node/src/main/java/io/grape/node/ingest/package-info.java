/**
 * Takes a file of vectors into a collection, so that a run that was killed can be gone on with: nothing twice, nothing missing.
 *
 * <p>One thread reads and sends ({@link io.grape.node.ingest.FileIngest}); the client's polling thread tells the outcomes to the
 * {@link io.grape.node.ingest.IngestLedger}; a third one may measure searches. Called by the command line.
 */
@NullMarked
package io.grape.node.ingest;

import org.jspecify.annotations.NullMarked;
