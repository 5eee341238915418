//! What a tab is told on its socket.

use tokio::sync::mpsc;

use super::*;

async fn next(told: &mut mpsc::Receiver<String>) -> Value {
    serde_json::from_str::<Value>(&told.recv().await.unwrap()).unwrap()[1].take()
}

#[tokio::test(start_paused = true)]
async fn for_a_tab_that_reads_nothing_one_message_waits_and_one_stands_in_line() {
    let (watching, fake) = (Arc::default(), Fake::listing(json!([app("a", "0")])));
    let mut quick = watch(&watching, &fake, FILTER).unwrap();
    let (tell, mut told) = mpsc::channel(1);
    tokio::spawn(socket::follow(7, watch(&watching, &fake, FILTER).unwrap(), std::future::pending, tell));
    rows(&mut quick).await;
    for turn in 1..=200 {
        fake.lists(json!([app("a", &turn.to_string()), app(&turn.to_string(), "1")]));
        rows(&mut quick).await;
    }
    let mut messages = vec![next(&mut told).await];
    while messages.last().unwrap()["patch"]["changed"][1] != app("a", "200") {
        messages.push(next(&mut told).await);
    }
    assert!(messages[0]["reset"].is_object() && messages.len() <= 3, "{messages:?}");
}

#[tokio::test(start_paused = true)]
async fn a_long_patch_is_told_where_the_picture_would_be_longer_still() {
    // Three hundred rows of a thousand bytes change, alone or among three thousand.
    for (others, word) in [(0, "reset"), (2_700, "patch")] {
        let list = |turn: &str| {
            let changed = (0..300).map(|id| app(&format!("changed {id}"), &turn.repeat(1_000)));
            changed.chain((0..others).map(|id| app(&format!("other {id}"), &"x".repeat(1_000)))).collect::<Value>()
        };
        let (watching, fake) = (Arc::default(), Fake::listing(list("a")));
        let (tell, mut told) = mpsc::channel(1);
        let mut watcher = watch(&watching, &fake, FILTER).unwrap();
        watcher.shows();
        tokio::spawn(socket::follow(7, watcher, std::future::pending, tell));
        while next(&mut told).await["fresh"].is_null() {}
        fake.lists(list("b"));
        assert!(next(&mut told).await[word].is_object(), "{others}");
    }
}
