package io.gatecast.training.detection;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// How many events were found, how soon, and at how many false alarms. An event is found by an alarm within it; several
/// count once, and each alarm outside every event is false.
///
/// @param threshold      least score of an alarm that counts
/// @param events         that were to be found
/// @param found          of them
/// @param falseAlarms    alarms outside every event
/// @param days           that were watched, of all series together
/// @param delay          mean rows from an event's first to its first alarm; NaN where none was found
public record EventScore(double threshold, int events, int found, int falseAlarms, double days, double delay) {
    private static final double DAY = 86_400_000;

    /// An alarm at a row of a series.
    private record Alarm(double score, int series, int window, int row) {}

    /// An event of a series.
    private record Event(int series, int window) {}

    /// @return share of the events that was found
    public double recall() {
        return (double) found / events;
    }

    /// @return found events among them and false alarms
    public double precision() {
        return found + falseAlarms == 0 ? 0 : (double) found / (found + falseAlarms);
    }

    /// @return harmonic mean of precision and recall
    public double f1() {
        return found == 0 ? 0 : 2 * precision() * recall() / (precision() + recall());
    }

    /// @return false alarms a series and day
    public double falseAlarmsADay() {
        return falseAlarms / days;
    }

    /// Every alarm counts.
    public static EventScore of(List<Alarms> detected) {
        return within(detected, Double.POSITIVE_INFINITY);
    }

    /// @param falseAlarmsADay of a series
    /// @return the score at the lowest threshold, the same for all series, that gives no more false alarms
    public static EventScore within(List<Alarms> detected, double falseAlarmsADay) {
        List<Alarm> alarms = new ArrayList<>();
        int events = 0;
        double days = 0;
        for (int s = 0; s < detected.size(); s++) {
            Alarms each = detected.get(s);
            int from = each.of().probation();
            long[] timestamps = each.of().series().timestamps();
            days += (timestamps[timestamps.length - 1] - timestamps[from]) / DAY;
            events += (int) each.of().windows().stream().filter(window -> window.last() >= from).count();
            for (int row = from; row < timestamps.length; row++) {
                if (each.scores()[row] > 0) {
                    alarms.add(new Alarm(each.scores()[row], s, each.window(row), row));
                }
            }
        }
        alarms.sort(Comparator.comparingDouble(Alarm::score).reversed());
        List<Alarm> counted = alarms.subList(0, counted(alarms, falseAlarmsADay * days));
        return score(counted, events, days, detected);
    }

    /// @return how many alarms, the surest first, there are above the lowest threshold that lets through no more false ones
    private static int counted(List<Alarm> alarms, double mostFalse) {
        int counted = 0, falseAlarms = 0;
        for (int i = 0; i < alarms.size(); i++) {
            falseAlarms += alarms.get(i).window < 0 ? 1 : 0;
            if (falseAlarms > mostFalse) {
                return counted;
            }
            if (i + 1 == alarms.size() || alarms.get(i + 1).score < alarms.get(i).score) {
                counted = i + 1;
            }
        }
        return counted;
    }

    private static EventScore score(List<Alarm> alarms, int events, double days, List<Alarms> detected) {
        Set<Event> found = new HashSet<>();
        double delay = 0;
        int falseAlarms = 0;
        for (Alarm alarm : alarms.stream().sorted(Comparator.comparingInt(Alarm::row)).toList()) {
            if (alarm.window < 0) {
                falseAlarms++;
            } else if (found.add(new Event(alarm.series, alarm.window))) {
                delay += alarm.row - detected.get(alarm.series).of().windows().get(alarm.window).first();
            }
        }
        return new EventScore(alarms.isEmpty() ? Double.POSITIVE_INFINITY : alarms.getLast().score, events,
                found.size(), falseAlarms, days, found.isEmpty() ? Double.NaN : delay / found.size());
    }
}
