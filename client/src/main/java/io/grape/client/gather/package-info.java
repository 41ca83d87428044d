/**
 * One request that concerns several groups: a part for each, and one outcome made of theirs.
 *
 * <p>A gather stands between the parts' replies and the handler of the whole: it hears each part once, and calls the
 * handler once, with a reply frame as one group would have sent it. Parts are heard on the polling thread.
 */
@NullMarked
package io.grape.client.gather;

import org.jspecify.annotations.NullMarked;
