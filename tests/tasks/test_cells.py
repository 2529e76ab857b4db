from groklab.tasks.cells import in_order


def test_numbers_come_by_size_and_other_symbols_as_they_first_appear():
    assert in_order(["10", "9", "-1", "9"]) == ("-1", "9", "10")
    assert in_order(["b", "10", "a", "9", "b"]) == ("b", "10", "a", "9")


def test_permutations_of_one_length_keep_lexicographic_order():
    assert in_order(["102", "021", "012"]) == ("012", "021", "102")


def test_a_number_of_many_digits_is_a_symbol_like_any_other():
    long = "9" * 5000
    assert in_order([long, "1"]) == (long, "1")
