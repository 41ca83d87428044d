package io.grape.raft.core.membership;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Random;
import org.agrona.DirectBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.junit.jupiter.api.Test;

class MembershipTest {
    private static final Membership THREE = Membership.ofVoters(List.of(3, 1, 2));

    @Test
    void aChangeOfLearnersNeedsNoJointConfiguration() {
        Membership target = Membership.of(List.of(1, 2, 3), List.of(4));
        assertThat(THREE.towards(target)).isEqualTo(target).hasSameHashCodeAs(target);
        assertThat(target.isVoter(4)).isFalse();
        assertThat(target.isMember(4)).isTrue();
    }

    @Test
    void aChangeOfVotersGoesThroughBothSetsAndLeavesTheOld() {
        Membership joint = THREE.towards(Membership.of(List.of(2, 4), List.of(1)));
        assertThat(joint).hasToString("voters=[2, 4] outgoing=[1, 2, 3] learners=[1]");
        assertThat(joint.isJoint()).isTrue();
        assertThat(joint.memberCount()).isEqualTo(4);
        assertThat(joint.isVoter(1)).as("until the change is over").isTrue();
        assertThat(joint.isIncoming(1)).isFalse();
        assertThat(joint.left()).isEqualTo(Membership.of(List.of(2, 4), List.of(1)));
        assertThat(joint.left()).isNotEqualTo(joint);
    }

    @Test
    void aNodeNamedTwiceOrNegativeIsRefused() {
        assertThatIllegalArgumentException().isThrownBy(() -> Membership.of(List.of(1, 1), List.of()));
        assertThatIllegalArgumentException().isThrownBy(() -> Membership.of(List.of(1), List.of(1)));
        assertThatIllegalArgumentException().isThrownBy(() -> Membership.of(List.of(-1), List.of()));
    }

    @Test
    void aConfigurationComesBackAsItWasAndNothingElseIsTakenForOne() {
        Membership joint = THREE.towards(Membership.of(List.of(2, 4), List.of(1, 9)));
        DirectBuffer encoded = ConfigurationCodec.encode(joint);
        assertThat(ConfigurationCodec.decode(encoded, 0, encoded.capacity())).isEqualTo(joint);
        for (int cut = 0; cut < encoded.capacity(); cut++) {
            assertThat(ConfigurationCodec.decode(encoded, 0, cut)).isNull();
        }
        Random random = new Random(1);
        for (int i = 0; i < 10_000; i++) {
            byte[] noise = new byte[encoded.capacity()];
            encoded.getBytes(0, noise);
            noise[random.nextInt(noise.length)] = (byte) random.nextInt(256);
            ConfigurationCodec.decode(new UnsafeBuffer(noise), 0, noise.length);
        }
    }

    @Test
    void aTruncationBringsTheOlderConfigurationBack() {
        Membership two = Membership.ofVoters(List.of(1, 2));
        Membership one = Membership.ofVoters(List.of(1));
        MembershipHistory history = new MembershipHistory(0, THREE);
        history.appended(5, two);
        history.appended(9, one);
        assertThat(history.current()).isEqualTo(one);
        assertThat(history.at(4)).isEqualTo(THREE);
        assertThat(history.at(5)).isEqualTo(two);
        assertThat(history.truncatedFrom(10)).isFalse();
        assertThat(history.truncatedFrom(6)).isTrue();
        assertThat(history.current()).isEqualTo(two);
        assertThat(history.currentIndex()).isEqualTo(5);
        assertThat(history.truncatedFrom(1)).isTrue();
        assertThat(history.current()).isEqualTo(THREE);
    }

    @Test
    void compactionKeepsTheConfigurationInForceAtItsIndex() {
        Membership two = Membership.ofVoters(List.of(1, 2));
        Membership one = Membership.ofVoters(List.of(1));
        MembershipHistory history = new MembershipHistory(0, THREE);
        history.appended(5, two);
        history.appended(9, one);
        history.compactedTo(4);
        assertThat(history.at(4)).isEqualTo(THREE);
        history.compactedTo(7);
        assertThat(history.at(7)).isEqualTo(two);
        assertThat(history.at(3)).as("gone").isEqualTo(two);
        history.reset(20, THREE);
        assertThat(history.current()).isEqualTo(THREE);
        assertThat(history.currentIndex()).isEqualTo(20);
    }
}
