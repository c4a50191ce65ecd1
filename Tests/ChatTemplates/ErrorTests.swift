import ChatTemplates
import Foundation
import JSON
import Testing

/// The sentence with which a template is refused, nil where it is not.
private func refusal(_ template: String, variables: [JSON.Member] = []) throws -> String? {
    do throws(TemplateError) {
        _ = try ChatTemplate(template).render(
            [], addGenerationPrompt: false, variables: variables,
            date: TemplateDate("2024-07-06") ?? { preconditionFailure("a day") }())
        return nil
    } catch { return error.description }
}

@Suite struct ErrorTests {
    @Test(arguments: [
        ("a\n{% include 'x' %}", "line 2, column 4: the tag 'include' is not supported"),
        ("{{ 'a' | urlize }}", "line 1, column 10: the filter 'urlize' is not supported"),
        ("{{ 'a' is filter }}", "line 1, column 11: the test 'filter' is not supported"),
        ("\n\n  {{ lipsum() }}", "line 3, column 12: the function 'lipsum' is not supported"),
        ("{% for i in x recursive %}{% endfor %}", "line 1, column 15: a recursive loop is not supported"),
        ("{{ 'a'.encode() }}", "line 1, column 14: the method 'encode' of 'str' is not supported"),
        ("{{ '%s' % 1 }}", "line 1, column 4: formatting a string with '%' is not supported"),
        ("{{ 9223372036854775807 + 1 }}", "line 1, column 4: an integer of more than 64 bits is not supported"),
        ("{{ strftime_now('%q') }}", "line 1, column 16: the date format '%q' is not supported"),
    ])
    func `what is not supported is named with its line and column`(template: String, sentence: String) throws {
        #expect(try refusal(template) == "chat template, \(sentence)")
    }

    @Test(arguments: [
        ("{{ a.b.c }}", "line 1, column 5: 'a' is undefined"),
        ("{{ a() }}", "line 1, column 5: 'a' is undefined"),
        ("{{ a + 1 }}", "line 1, column 4: 'a' is undefined"),
        ("{{ 'a' + 1 }}", "line 1, column 4: '+' cannot take 'str' and 'int'"),
        ("{{ [1].append(2) }}", "line 1, column 14: a template cannot change a 'list' in place"),
        ("{{ 1 / 0 }}", "line 1, column 4: division by zero"),
        ("{% for i in 3 %}{% endfor %}", "line 1, column 13: 'int' object cannot be gone through"),
        ("{% set a, b = [1] %}", "line 1, column 8: 1 values cannot be assigned to 2 names"),
        ("{% set a = 1 %}{% set a.b = 2 %}", "line 1, column 23: only a namespace has members to set, and 'a' is none"),
        ("{{ raise_exception('no tools') }}", "line 1, column 19: the template refuses these messages: no tools"),
        ("{% macro m(a) %}{% endmacro %}{{ m(1, 2) }}", "line 1, column 35: the macro 'm' cannot take 2 arguments"),
        ("{{ range(100001) }}", "line 1, column 9: a range has 100000 numbers at most, found 100001"),
    ])
    func `an operation on the wrong values is named with its place`(template: String, sentence: String) throws {
        #expect(try refusal(template) == "chat template, \(sentence)")
    }

    @Test(arguments: [
        ("{{ 1 +", "line 1, column 1: the tag has no end '}}'"),
        (
            "{% if x %}",
            "line 1, column 11: expected the tag 'elif' or 'else' or 'endif', found the end of the template"
        ),
        ("a {# b", "line 1, column 3: the comment has no end '#}'"),
        ("{{ 'a }}", "line 1, column 4: the string has no closing quote"),
        ("{{ (1] }}", "line 1, column 6: unexpected ']'"),
        ("{{ }}", "line 1, column 4: expected an expression, found '}}'"),
        ("{% endif %}", "line 1, column 4: the tag 'endif' is not supported"),
        ("{{ a ? b }}", "line 1, column 6: unexpected character '?'"),
        ("{% break %}", "line 1, column 4: 'break' stands outside a loop"),
        ("{% raw %}x", "line 1, column 1: the tag 'raw' has no end 'endraw'"),
        ("{{ '\\x4' }}", "line 1, column 5: '\\x' needs 2 hexadecimal digits of a character"),
        ("é\u{1F642}{{ + }}", "line 1, column 8: unexpected '}}'"),
    ])
    func `a text that is not Jinja is refused at its place`(template: String, sentence: String) throws {
        #expect(try refusal(template) == "chat template, \(sentence)")
    }

    @Test func `messages keep the names of their reasoning and lose null members, as in transformers`() {
        let message = JSON.object([
            .init("role", .string("assistant")), .init("content", .null), .init("reasoning", .string("why")),
        ])
        #expect(
            rendered("{{ messages[0] }}", [message])
                == "{'thinking': 'why', 'role': 'assistant', 'reasoning': 'why', 'reasoning_content': 'why'}")
    }

    @Test func `days that the calendar lacks are no dates`() {
        #expect(TemplateDate("2024-02-29")?.description == "2024-02-29")
        for text in ["2023-02-29", "2024-13-01", "2024-1-1", "x", "2024-04-31", "0000-01-01"] {
            #expect(TemplateDate(text) == nil, "\(text)")
        }
    }
}

/// How long the thread has run, whatever else the machine does.
private func secondsOfThisThread() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

@Suite struct HostileTests {
    @Test(arguments: [
        "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
        "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
        "{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}{{ a() }}{% endmacro %}{{ a() }}",
        "{{ 'x' * 1000000000000 }}", "{{ [0] * 1000000000000 }}", "{{ 'x'.ljust(1000000000) }}",
        "{{ 'x'.center(9223372036854775807) }}",
        "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s.replace('x', 'xx') %}{% endfor %}",
        "{% set ns = namespace(s=['x']) %}{% for i in range(100) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s }}",
        "{% set ns = namespace(s=['x']) %}{% for i in range(60) %}{% set ns.s = [ns.s, ns.s] %}{% endfor %}{{ ns.s | tojson }}",
        "{% set a = namespace(s=['x']) %}{% set b = namespace(s=['x']) %}{% for i in range(60) %}{% set a.s = [a.s, a.s] %}"
            + "{% set b.s = [b.s, b.s] %}{% endfor %}{{ a.s == b.s }}",
        "{% set ns = namespace(s=[]) %}{% for i in range(100000) %}{% set ns.s = [ns.s] %}{% endfor %}",
        "{% set ns = namespace(s=none) %}{% for i in range(100000) %}{% set ns.s = namespace(s=ns.s) %}{% endfor %}",
        "{% set ns = namespace(s='x') %}{% for i in range(100000) %}{% set ns.s = {'a': ns.s} %}{% endfor %}",
        "{% set ns = namespace(s=[1]) %}{% for i in range(100000) %}{% set ns.s = ns.s | map('string') %}{% endfor %}{{ ns.s | list }}"
            + "{{ 'x' * 10000000 }}",
        "{{ 'a' | indent(1000000000) }}", "{{ {} | tojson(indent=1000000000) }}",
        "{% for i in range(100000) %}{{ 'xxxxxxxxxx' * 100 }}{% endfor %}",
        "{% set x = 'ab' * 1000000 %}{% for i in range(1000) %}{% set y = x | upper %}{% endfor %}",
        "{% set x = 'a' * 2000 %}{{ x.replace('a', x * 2000) }}", "{{ (['a'] * 10000) | join('b' * 10000) }}",
        "{{ " + String(repeating: "(", count: 100_000) + "1" + String(repeating: ")", count: 100_000) + " }}",
        "{{ 1" + String(repeating: " + 1", count: 100_000) + " }}",
        "{{ " + String(repeating: "not ", count: 100_000) + "1 }}",
        "{{ a" + String(repeating: "[0]", count: 100_000) + " }}",
        "{{ " + String(repeating: "-", count: 100_000) + "1 }}",
        "{{ " + String(repeating: "[", count: 100_000) + String(repeating: "]", count: 100_000) + " }}",
        String(repeating: "{% if x %}", count: 100_000), String(repeating: "{% for x in y %}", count: 100_000),
        "{{ 1" + String(repeating: " if 1 else 1", count: 100_000) + " }}",
        "{{ a" + String(repeating: "|a", count: 100_000) + " }}",
    ])
    func `a template that never ends, or grows without end, ends with one sentence`(template: String) throws {
        let start = secondsOfThisThread()
        let sentence = try #require(try refusal(template))
        #expect(!sentence.contains("\n"))
        #expect(
            ["too much work", "longer than 8000000", "nested deeper"].contains { sentence.contains($0) }, "\(sentence)")
        #expect(secondsOfThisThread() - start < 5)
    }
}
