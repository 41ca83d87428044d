package io.grape.node.log;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator.ExecutionStatus;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class LogConfiguratorTest {
    @Test
    void itIsTheOneThatLogbackFinds() {
        Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        assertThat(root.getAppender("STDERR")).isInstanceOf(ConsoleAppender.class);
        assertThat(((ConsoleAppender<ILoggingEvent>) root.getAppender("STDERR")).getTarget())
                .isEqualTo("System.err");
        assertThat(root.getLevel()).isEqualTo(Level.WARN);
    }

    @Test
    void aFileThatIsNamedOnTheCommandLineGoesFirst() {
        System.setProperty("logback.configurationFile", "named.xml");
        try {
            assertThat(new LogConfigurator().configure(new LoggerContext()))
                    .isEqualTo(ExecutionStatus.INVOKE_NEXT_IF_ANY);
        } finally {
            System.clearProperty("logback.configurationFile");
        }
    }
}
